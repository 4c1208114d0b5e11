/**
 * Requests to the API, timed.
 *
 * @module
 */
import { Photo } from '../src/schemas.ts';
import type { Picture } from './pictures.ts';
import { expectSame } from './story.ts';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** As it came. */
  readonly body: Uint8Array;
  /** Milliseconds. */
  readonly took: number;
}

export async function ask(url: string, init: RequestInit = {}): Promise<Answered> {
  const startedAt = performance.now();
  const answer = await fetch(url, init);
  const body = new Uint8Array(await answer.arrayBuffer());
  return { status: answer.status, headers: answer.headers, body, took: performance.now() - startedAt };
}

export function upload(url: string, { name, bytes }: Picture, key: string): Promise<Answered> {
  return ask(`${url}/photos?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'idempotency-key': key, 'content-type': 'application/octet-stream' },
    body: bytes,
  });
}

/** @throws Unexpected unless it is a 201 with a photo */
export function uploaded(what: string, { status, body }: Answered): Photo {
  expectSame(`status of ${what}`, status, 201);
  return Photo.parse(JSON.parse(Buffer.from(body).toString()));
}

/** What a problem says. */
export function detailOf({ body }: Answered): string {
  const problem: unknown = JSON.parse(Buffer.from(body).toString());
  return typeof problem === 'object' && problem !== null && 'detail' in problem ? String(problem.detail) : '';
}
