/**
 * Answers of both APIs, as SDKs read them.
 *
 * @module
 */
import type { ServiceAnswer, ServiceRequest } from '../service/listen.ts';

export function json(status: number, body: object): ServiceAnswer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) };
}

export function refusal(status: number, code: string, message: string): ServiceAnswer {
  const answer = json(status, { __type: code, message });
  return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': code } };
}

export function traceOf(request: ServiceRequest): string | undefined {
  return textHeader(request, 'x-amzn-trace-id');
}

/** A header that is there once. */
export function textHeader(request: ServiceRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
