/**
 * What a client of a gateway gets, and what all kinds of gateway check in a function's answer.
 *
 * @module
 */
import { validateHeaderName, validateHeaderValue } from 'node:http';

import type { Pairs } from './request.ts';

/** An answer ready to be sent. */
export interface GatewayAnswer {
  readonly status: number;
  /** Cookies are `set-cookie` lines among them. */
  readonly headers: Pairs;
  readonly body: Buffer;
}

/** Headers the gateway writes itself. */
const OWN_HEADERS = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/** An error of API Gateway itself: a status and one sentence. */
export function gatewayError(status: number, message: string): GatewayAnswer {
  return jsonAnswer(status, { message });
}

export function jsonAnswer(status: number, body: unknown): GatewayAnswer {
  return {
    status,
    headers: [['content-type', 'application/json']],
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** The parts of a proxy answer that every kind has, checked. */
export interface CommonParts {
  readonly status: number;
  readonly headers: Pairs;
  readonly body: string;
  readonly isBase64Encoded: boolean;
  /** The whole answer. */
  readonly answer: Readonly<Record<string, unknown>>;
}

/** @returns undefined where the answer is malformed for every kind of gateway */
export function commonParts(payload: unknown): CommonParts | undefined {
  if (!isRecord(payload)) return undefined;
  const { statusCode, headers = {}, body = '', isBase64Encoded = false } = payload;
  if (typeof statusCode !== 'number' || !Number.isInteger(statusCode) || statusCode < 100 || statusCode > 599)
    return undefined;
  if (typeof isBase64Encoded !== 'boolean') return undefined;
  if (body !== null && typeof body !== 'string') return undefined;
  const lines = headerLines(headers);
  if (lines === undefined) return undefined;
  return { status: statusCode, headers: lines, body: body ?? '', isBase64Encoded, answer: payload };
}

/** @returns undefined where a header has no value that can be sent */
function headerLines(headers: unknown): Pairs | undefined {
  return sendable(headers, (value) => (isScalar(value) ? [String(value)] : undefined));
}

/** The same for `multiValueHeaders`. */
export function multiValueLines(headers: unknown): Pairs | undefined {
  return sendable(headers, (value) =>
    Array.isArray(value) && value.every(isScalar) ? value.map(String) : undefined,
  );
}

/** Cookies as `set-cookie` lines. */
export function cookieLines(cookies: unknown): Pairs | undefined {
  if (!Array.isArray(cookies)) return undefined;
  return cookies.every((cookie) => typeof cookie === 'string' && canBeSent('set-cookie', cookie))
    ? cookies.map((cookie: string) => ['set-cookie', cookie])
    : undefined;
}

/** Puts a content type where the answer has a body and no type. */
export function withContentType(headers: Pairs, body: Buffer, type: string): Pairs {
  return body.length === 0 || headers.some(([name]) => name.toLowerCase() === 'content-type')
    ? headers
    : [...headers, ['content-type', type]];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sendable(headers: unknown, valuesOf: (value: unknown) => string[] | undefined): Pairs | undefined {
  if (headers === null) return [];
  if (!isRecord(headers)) return undefined;
  const pairs: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    const values = valuesOf(value);
    if (values?.every((one) => canBeSent(name, one)) !== true) return undefined;
    if (OWN_HEADERS.has(name.toLowerCase())) continue;
    for (const one of values) pairs.push([name.toLowerCase(), one]);
  }
  return pairs;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function canBeSent(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
