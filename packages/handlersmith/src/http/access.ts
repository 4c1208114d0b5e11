/**
 * What is left of a request: one log line, and the mark of a fault in its trace.
 *
 * @module
 */
import type { LogFields } from '../observability/logger.ts';
import type { HttpExchange } from './exchange.ts';

/**
 * Writes the line: the route as its pattern, never the path, which holds ids; never a body or a header. A fault is told
 * to the tracer as well: to it the invocation has gone well, as it gave an answer.
 *
 * @param status - as sent
 * @param bytes - of the body, as sent
 */
export function logAccess(exchange: HttpExchange, status: number, bytes: number): void {
  const { refusal, logger, tracer } = exchange;
  if (refusal?.error !== undefined && refusal.status >= 500) tracer.error(refusal.error);
  const fields: LogFields = {
    http_method: exchange.method,
    http_route: exchange.route,
    http_status: status,
    duration_ms: exchange.elapsed(),
    response_bytes: bytes,
  };
  if (refusal?.detail !== undefined) fields['problem'] = refusal.detail;
  if (refusal?.errors !== undefined)
    fields['fields'] = refusal.errors.map((error) => `${error.in}${error.pointer}`);
  if (refusal?.error !== undefined) fields['error'] = loggable(refusal.error);
  if (status >= 500) logger.error('request failed', fields);
  else if (exchange.isHealthCheck) logger.debug('health check', fields);
  else if (status >= 400) logger.warn('request refused', fields);
  else logger.info('request served', fields);
}

/** What was thrown need not be an error. */
function loggable(error: unknown): unknown {
  return error instanceof Error || typeof error === 'object'
    ? error
    : { thrown: typeof error === 'string' ? error : typeof error };
}
