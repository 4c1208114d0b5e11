/**
 * Cross-origin requests: what a bucket's rules allow a browser.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 */
import { done } from './answer.ts';
import type { Answer } from './answer.ts';
import { configured } from './configuration.ts';
import { malformedXml, S3Error } from './errors.ts';
import type { S3Request } from './request.ts';
import type { Service } from './service.ts';
import type { Bucket } from './state.ts';
import { childrenOf, onlyChildren, readXml, textOf } from './xml-read.ts';
import type { Element } from './xml-read.ts';

interface Rule {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  /** Seconds a browser may remember the answer. */
  readonly maxAge: string | undefined;
}

const METHODS = new Set(['GET', 'PUT', 'HEAD', 'POST', 'DELETE']);
const MOST_RULES = 100;

const rulesOf: (bucket: Bucket) => readonly Rule[] | undefined = configured('cors', (text) =>
  readRules(readXml(text)),
);

/** @throws S3Error where it is no CORS configuration */
export function readRules(root: Element): readonly Rule[] {
  onlyChildren(root, ['CORSRule']);
  const rules = childrenOf(root, 'CORSRule');
  if (root.name !== 'CORSConfiguration' || rules.length === 0 || rules.length > MOST_RULES)
    throw malformedXml();
  return rules.map(readRule);
}

/** What a browser is told before it sends what it wants to send. */
export function preflight(request: S3Request, { store }: Service): Answer {
  const { headers } = request;
  const origin = headers.get('origin');
  const method = headers.get('access-control-request-method');
  if (origin === undefined || method === undefined)
    throw new S3Error(400, 'BadRequest', 'Insufficient information. Origin request header needed.');
  const rules = rulesOf(store.bucket(request.bucket));
  if (rules === undefined) throw forbidden('CORSResponse: CORS is not enabled for this bucket.', request);
  const wanted = listOf(headers.get('access-control-request-headers'));
  const rule = rules.find(
    (one) =>
      one.methods.includes(method) &&
      allows(one.origins, origin) &&
      wanted.every((name) => allows(one.headers, name)),
  );
  if (rule === undefined)
    throw forbidden(
      "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
      request,
    );
  return done(200, {
    ...headersOf(rule, origin),
    ...(wanted.length > 0 && { 'access-control-allow-headers': wanted.join(', ') }),
  });
}

/** An answer as a browser may read it, where a rule lets it. */
export function crossOrigin(answer: Answer, request: S3Request | undefined, { store }: Service): Answer {
  const origin = request?.headers.get('origin');
  if (request === undefined || origin === undefined || request.method === 'OPTIONS') return answer;
  const bucket = store.buckets.get(request.bucket);
  const rule = (bucket && rulesOf(bucket))?.find(
    (one) => one.methods.includes(request.method) && allows(one.origins, origin),
  );
  return rule === undefined
    ? answer
    : { ...answer, headers: { ...answer.headers, ...headersOf(rule, origin) } };
}

function headersOf(rule: Rule, origin: string): Record<string, string> {
  const open = rule.origins.includes('*');
  return {
    'access-control-allow-origin': open ? '*' : origin,
    'access-control-allow-methods': rule.methods.join(', '),
    ...(!open && { 'access-control-allow-credentials': 'true' }),
    ...(rule.exposed.length > 0 && { 'access-control-expose-headers': rule.exposed.join(', ') }),
    ...(rule.maxAge !== undefined && { 'access-control-max-age': rule.maxAge }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

/** Whether one of the patterns, each with one `*` at most, is like a text. */
function allows(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => {
    const [start = '', end] = pattern.toLowerCase().split('*');
    const value = text.toLowerCase();
    if (end === undefined) return value === start;
    return value.length >= start.length + end.length && value.startsWith(start) && value.endsWith(end);
  });
}

function readRule(rule: Element): Rule {
  onlyChildren(rule, [
    'AllowedHeader',
    'AllowedMethod',
    'AllowedOrigin',
    'ExposeHeader',
    'ID',
    'MaxAgeSeconds',
  ]);
  const texts = (name: string): readonly string[] => childrenOf(rule, name).map(({ text }) => text);
  const origins = texts('AllowedOrigin');
  const methods = texts('AllowedMethod');
  const maxAge = textOf(rule, 'MaxAgeSeconds');
  if (origins.length === 0 || methods.length === 0 || (maxAge !== undefined && !/^\d{1,9}$/u.test(maxAge)))
    throw malformedXml();
  const unknown = methods.find((method) => !METHODS.has(method));
  if (unknown !== undefined)
    throw invalid(`Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`);
  const headers = texts('AllowedHeader');
  const wild = [...origins, ...headers].find((pattern) => pattern.split('*').length > 2);
  if (wild !== undefined) throw invalid(`AllowedOrigin "${wild}" can not have more than one wildcard.`);
  return { origins, methods, headers, exposed: texts('ExposeHeader'), maxAge };
}

function listOf(header: string | undefined): readonly string[] {
  return (header ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function invalid(message: string): S3Error {
  return new S3Error(400, 'InvalidRequest', message);
}

function forbidden(message: string, { headers }: S3Request): S3Error {
  return new S3Error(403, 'AccessForbidden', message, {
    Method: headers.get('access-control-request-method') ?? '',
    ResourceType: 'BUCKET',
  });
}
