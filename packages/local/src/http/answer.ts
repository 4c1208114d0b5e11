/**
 * What an HTTP API makes of a function's answer.
 *
 * @module
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
import { validateHeaderName, validateHeaderValue } from 'node:http';

/** An answer ready to be sent. */
export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Values of the `Set-Cookie` lines. */
  readonly cookies: readonly string[];
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

/** An error of the gateway itself: a status and one sentence. */
export function gatewayError(status: number, message: string): GatewayAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    cookies: [],
    body: Buffer.from(JSON.stringify({ message })),
  };
}

/**
 * Reads a function's answer by the rules of payload format 2.0.
 *
 * @param payload - what the function returned, after its way through JSON
 * @returns undefined where the gateway would call it malformed
 */
export function readAnswer(payload: unknown): GatewayAnswer | undefined {
  if (!isRecord(payload) || payload['statusCode'] === undefined) return inferredAnswer(payload);
  const { statusCode, headers = {}, cookies = [], body = '', isBase64Encoded = false } = payload;

  if (typeof statusCode !== 'number' || !Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599)
    return undefined;
  if (typeof isBase64Encoded !== 'boolean') return undefined;
  if (body !== null && typeof body !== 'string') return undefined;
  if (
    !Array.isArray(cookies) ||
    !cookies.every((cookie) => typeof cookie === 'string' && canBeSent('set-cookie', cookie))
  )
    return undefined;
  const lines = readHeaders(headers);
  if (lines === undefined) return undefined;

  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > 0) lines['content-type'] ??= 'text/plain;charset=UTF-8';
  return { status: statusCode, headers: lines, cookies, body: bytes };
}

/** Without a status code the whole answer is the body. */
function inferredAnswer(payload: unknown): GatewayAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    cookies: [],
    body: Buffer.from(JSON.stringify(payload)),
  };
}

function readHeaders(headers: unknown): Record<string, string> | undefined {
  if (headers === null) return {};
  if (!isRecord(headers)) return undefined;
  const lines: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      return undefined;
    if (!canBeSent(name, String(value))) return undefined;
    if (!OWN_HEADERS.has(name.toLowerCase())) lines[name.toLowerCase()] = String(value);
  }
  return lines;
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
