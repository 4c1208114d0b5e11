/**
 * The headers that a client gets for an answer.
 *
 * @module
 */
import type { HttpSource } from '../http/source.ts';
import { AnswerRefused } from './refused.ts';
import type { ShapedAnswer } from './shape.ts';

/** Headers with lower-case names, and apart from them the cookies, which nothing may join. */
export interface ReceivedHeaders {
  readonly headers: Record<string, string>;
  readonly cookies: string[];
}

/** RFC 9110 `token`. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * Brings the header fields of an answer together as the service does.
 *
 * @throws AnswerRefused when a field cannot be sent, or would not arrive as it is meant
 */
export function receivedHeaders(source: HttpSource, answer: ShapedAnswer): ReceivedHeaders {
  const single = folded(
    source,
    'headers',
    Object.entries(answer.headers).map(([name, value]) => [name, [value]]),
  );
  const received = folded(source, 'multiValueHeaders', Object.entries(answer.multiValueHeaders));
  for (const [name, values] of single) {
    const multi = received.get(name) ?? [];
    // A REST API merges the two and takes a value that is in both once.
    received.set(name, [...values.filter((value) => !multi.includes(value)), ...multi]);
  }
  const inHeader = received.get('set-cookie') ?? [];
  received.delete('set-cookie');
  if (inHeader.length > 0 && answer.cookies.length > 0) {
    throw new AnswerRefused(source, 'H9', 'there are cookies both in "cookies" and in a set-cookie header.');
  }
  const cookies = [...answer.cookies, ...inHeader];
  for (const cookie of cookies) checkCookie(source, cookie);
  return {
    headers: Object.fromEntries([...received].map(([name, values]) => [name, values.join(', ')])),
    cookies,
  };
}

function folded(
  source: HttpSource,
  key: string,
  fields: ReadonlyArray<readonly [name: string, values: readonly string[]]>,
): Map<string, readonly string[]> {
  const byName = new Map<string, readonly string[]>();
  for (const [name, values] of fields) {
    if (!NAME.test(name))
      throw new AnswerRefused(source, 'H22', `${JSON.stringify(name)} cannot be a header's name.`);
    for (const value of values) checkValue(source, `header "${name}"`, value);
    const folding = name.toLowerCase();
    if (byName.has(folding)) {
      const rule = folding === 'set-cookie' ? 'H9' : 'H11';
      throw new AnswerRefused(source, rule, `"${name}" is in ${key} more than once, in different case.`);
    }
    byName.set(folding, values);
  }
  return byName;
}

function checkCookie(source: HttpSource, cookie: string): void {
  checkValue(source, 'a cookie', cookie);
  // The comma of `Expires=Wed, 21 Oct` is not followed by a name and an equals sign.
  if (/,\s*[\w!#$%&'*+.^`|~-]+=/.test(cookie)) {
    throw new AnswerRefused(source, 'H9', `cookies are joined by a comma: ${JSON.stringify(cookie)}.`);
  }
}

function checkValue(source: HttpSource, what: string, value: string): void {
  const bad = /[^\t -~\u0080-\u00FF]/.exec(value);
  if (bad === null) return;
  throw new AnswerRefused(
    source,
    'H22',
    `${what} holds ${JSON.stringify(bad[0])}, which no header can carry.`,
  );
}
