import {
  captureLogs,
  type HttpSource,
  requestAs,
  type RequestOptions,
  type TestResponse,
} from '@handlersmith/testing';
/**
 * What every answer has to be, whatever came in and whatever went wrong: CORS headers, one log line, nothing of what
 * was inside.
 */
import type { HttpHandler } from 'handlersmith/http';
import { expect } from 'vitest';

/** Who asks; handlers under test let this origin in. */
export const origin = 'https://app.example.com';
/** Stands in whatever must not come out again. */
export const SECRET = 'hunter2';

/** Sends a request and holds the answer to what every answer has to be. */
export async function send(
  source: HttpSource,
  handler: HttpHandler,
  line: string,
  options: Omit<RequestOptions, 'source'> = {},
): Promise<{ response: TestResponse; log: Record<string, unknown> }> {
  const headers = { ...options.headers, origin };
  const { result, lines, raw } = await captureLogs(() =>
    requestAs(source)(handler, line, { ...options, headers }),
  );
  expect(result.header('access-control-allow-origin')).toBe(origin);
  expect(result.header('vary')).toBe('Origin');
  expect(lines).toHaveLength(1);
  const [log = {}] = lines;
  expect(log).toMatchObject({ http_status: result.status });
  if (result.status < 400) return { response: result, log };
  expect(result.header('content-type')).toBe('application/problem+json');
  expect(result.json()).toMatchObject({ status: result.status, requestId: expect.any(String) });
  expect(JSON.stringify(result.raw)).not.toContain(SECRET);
  expect(result.status >= 500 || !raw.join('').includes(SECRET)).toBe(true);
  return { response: result, log };
}
