/**
 * Requests and answers, to be read by people.
 *
 * @module
 */
import { STATUS_CODES } from 'node:http';
import { styleText } from 'node:util';

/** Headers that say something about this API. The rest every server sends. */
const INTERESTING = new Set(['allow', 'content-type', 'etag', 'location', 'retry-after']);

export interface ShownRequest {
  readonly line: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface ShownAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export function printRequest(number: number, title: string, { line, headers, body }: ShownRequest): void {
  console.log(styleText('bold', `${number}. ${title}`));
  console.log(styleText('cyan', `   ${line}`));
  for (const [name, value] of Object.entries(headers)) console.log(styleText('dim', `   ${name}: ${value}`));
  if (body !== undefined) console.log(`   ${body}`);
}

/** @param asked - the request's headers: what concerns other origins is shown where one is named */
export function printAnswer({ status, headers, body }: ShownAnswer, asked: ShownRequest['headers']): void {
  console.log(styleText(status < 400 ? 'green' : 'yellow', `   → ${status} ${STATUS_CODES[status] ?? ''}`));
  for (const [name, value] of headers) {
    const aboutOrigins = name === 'vary' || name.startsWith('access-control-');
    if (INTERESTING.has(name) || (aboutOrigins && 'origin' in asked)) {
      console.log(styleText('dim', `     ${name}: ${value}`));
    }
  }
  for (const line of linesOf(body)) console.log(`     ${line}`);
  console.log();
}

/** One line a field, and one line an entry where a field is a list of objects. */
function linesOf(body: string): string[] {
  if (body === '') return [];
  const parsed: unknown = JSON.parse(body);
  if (typeof parsed !== 'object' || parsed === null) return [body];
  return Object.entries(parsed).flatMap(([name, value]: [string, unknown]) => {
    const entries = Array.isArray(value) && typeof value[0] === 'object' ? value : undefined;
    if (entries === undefined) return [`${name}: ${JSON.stringify(value)}`];
    return [`${name}:`].concat(entries.map((entry) => `  ${JSON.stringify(entry)}`));
  });
}
