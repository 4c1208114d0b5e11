/**
 * The shape that a service takes an answer in.
 *
 * @module
 */
import type { HttpSource } from '../http/source.ts';
import { toJson } from '../json.ts';
import { AnswerRefused } from './refused.ts';

/** An answer whose keys are known and whose values have the right types. */
export interface ShapedAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly cookies: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

type Refuse = (rule: string, problem: string) => never;

const COMMON = ['statusCode', 'headers', 'body', 'isBase64Encoded'];
const KEYS: Readonly<Record<HttpSource, readonly string[]>> = {
  rest: [...COMMON, 'multiValueHeaders'],
  httpApi: [...COMMON, 'cookies'],
  functionUrl: [...COMMON, 'cookies'],
  alb: [...COMMON, 'statusDescription'],
  albMulti: ['statusCode', 'statusDescription', 'multiValueHeaders', 'body', 'isBase64Encoded'],
};

/** Bytes of JSON that a function may answer with. */
const LIMITS: Readonly<Record<HttpSource, number>> = {
  rest: 6 * 1024 * 1024,
  httpApi: 6 * 1024 * 1024,
  functionUrl: 6 * 1024 * 1024,
  alb: 1024 * 1024,
  albMulti: 1024 * 1024,
};

/**
 * Takes an answer to pieces as the service would, after its way through JSON.
 *
 * @throws AnswerRefused for the first rule that is broken
 */
export function shapedAnswer(source: HttpSource, answer: unknown): ShapedAnswer {
  const refuse: Refuse = (rule, problem) => {
    throw new AnswerRefused(source, rule, problem);
  };
  const delivered = overTheWire(source, answer, refuse);
  const isV2 = source === 'httpApi' || source === 'functionUrl';
  if (!isRecord(delivered)) {
    return refuse(
      isV2 ? 'H12' : 'H11',
      `the answer is ${kindOf(delivered)}, not an object with a statusCode.`,
    );
  }
  checkKeys(source, delivered, refuse);
  const { statusCode } = delivered;
  if (isV2 && statusCode === undefined) {
    return refuse('H12', 'there is no statusCode, so the whole answer would be sent as the body of a 200.');
  }
  if (
    typeof statusCode !== 'number' ||
    !Number.isInteger(statusCode) ||
    statusCode < 100 ||
    statusCode > 599
  ) {
    return refuse('H11', `statusCode is ${JSON.stringify(statusCode)}, not an integer from 100 to 599.`);
  }
  if (source === 'alb' || source === 'albMulti') checkBalancer(delivered, statusCode, refuse);
  const { body = '', isBase64Encoded = false } = delivered;
  if (typeof body !== 'string') return refuse('H11', `body is ${kindOf(body)}, not a string.`);
  if (typeof isBase64Encoded !== 'boolean') {
    return refuse('H14', `isBase64Encoded is ${kindOf(isBase64Encoded)}, not a boolean.`);
  }
  if (isBase64Encoded && !isBase64(body))
    return refuse('H14', 'isBase64Encoded is true, but body is not base64.');
  return {
    statusCode,
    headers: headersOf(delivered, refuse),
    multiValueHeaders: multiValueHeadersOf(delivered, refuse),
    cookies: cookiesOf(delivered, refuse),
    body,
    isBase64Encoded,
  };
}

function overTheWire(source: HttpSource, answer: unknown, refuse: Refuse): unknown {
  let json: string | undefined;
  try {
    json = toJson(answer);
  } catch (cause) {
    throw new AnswerRefused(source, 'H11', 'the answer cannot be written as JSON.', { cause });
  }
  if (json === undefined) return undefined;
  const size = Buffer.byteLength(json);
  if (size > LIMITS[source])
    refuse('H19', `the answer is ${size} bytes of JSON, more than the ${LIMITS[source]} it takes.`);
  return JSON.parse(json);
}

function checkKeys(source: HttpSource, answer: Readonly<Record<string, unknown>>, refuse: Refuse): void {
  const unknown = Object.keys(answer).find((key) => !KEYS[source].includes(key));
  if (unknown === undefined) return;
  const known = `It knows ${KEYS[source].join(', ')}.`;
  if (unknown === 'cookies')
    refuse('H9', `cookies go into a set-cookie header here, there is no key "cookies". ${known}`);
  if (source === 'alb' || source === 'albMulti') {
    if (unknown === 'headers' || unknown === 'multiValueHeaders') {
      refuse(
        'H10',
        `it asked for ${source === 'alb' ? 'headers' : 'multiValueHeaders'}, so "${unknown}" is not read.`,
      );
    }
  }
  refuse('H11', `the answer has an unknown key "${unknown}". ${known}`);
}

function checkBalancer(answer: Readonly<Record<string, unknown>>, statusCode: number, refuse: Refuse): void {
  const { statusDescription, isBase64Encoded } = answer;
  if (typeof statusDescription !== 'string' || !statusDescription.startsWith(`${statusCode} `)) {
    const given = toJson(statusDescription) ?? 'missing';
    refuse(
      'H10',
      `statusDescription is ${given}, not the status and its reason, such as "${statusCode} OK".`,
    );
  }
  if (isBase64Encoded === undefined) refuse('H10', 'isBase64Encoded is missing.');
}

function headersOf(
  { headers = {} }: Readonly<Record<string, unknown>>,
  refuse: Refuse,
): Record<string, string> {
  if (!isRecord(headers)) return refuse('H11', `headers is ${kindOf(headers)}, not an object.`);
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) =>
      typeof value === 'string'
        ? [name, value]
        : refuse('H11', `header "${name}" is ${kindOf(value)}, not a string.`),
    ),
  );
}

function multiValueHeadersOf(
  { multiValueHeaders = {} }: Readonly<Record<string, unknown>>,
  refuse: Refuse,
): Record<string, string[]> {
  if (!isRecord(multiValueHeaders)) {
    return refuse('H11', `multiValueHeaders is ${kindOf(multiValueHeaders)}, not an object.`);
  }
  return Object.fromEntries(
    Object.entries(multiValueHeaders).map(([name, values]) =>
      isStrings(values)
        ? [name, values]
        : refuse('H11', `multiValueHeaders["${name}"] is not a list of strings.`),
    ),
  );
}

function cookiesOf({ cookies = [] }: Readonly<Record<string, unknown>>, refuse: Refuse): readonly string[] {
  return isStrings(cookies) ? cookies : refuse('H9', 'cookies is not a list of strings.');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[\d+/A-Za-z]*={0,2}$/.test(text);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${JSON.stringify(value)}`;
}
