/**
 * Talks to the API of a running `dev`.
 *
 * @module
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';

import type { JournalChange } from '@handlersmith/local';

import { Failed, messageOf } from '../problem.ts';
import type { DevState } from './state.ts';

export type Api = Required<Pick<DevState, 'endpoint' | 'token'>>;

/**
 * Asks for JSON. Waits as long as it takes: a function may run for fifteen minutes.
 *
 * @throws Failed where it is not there, or says why it cannot
 */
export async function ask<Answer>(
  api: Api,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<Answer> {
  const response = await send(api, method, path, body);
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const answer = JSON.parse(Buffer.concat(chunks).toString()) as { readonly error?: string }; // what the API promises
  if (response.statusCode !== 200) throw new Failed(answer.error ?? `${path}: status ${response.statusCode}`);
  return answer as Answer; // the same
}

/**
 * Hears of everything that happens from now on.
 *
 * @returns the way to end it
 */
export async function followChanges(
  api: Api,
  listener: (change: JournalChange) => void,
): Promise<() => void> {
  const response = await send(api, 'GET', '/api/changes');
  const lines = createInterface({ input: response });
  lines.on('line', (line) => {
    if (line.startsWith('data: ')) listener(JSON.parse(line.slice(6)) as JournalChange); // what the API promises
  });
  return () => {
    lines.close();
    response.destroy();
  };
}

function send(
  { endpoint, token }: Api,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${endpoint}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
    });
    request.on('response', (response) => {
      response.on('error', () => {}); // ended by us, or by the end of the other side, which shows
      resolve(response);
    });
    request.on('error', (cause) => {
      reject(new Failed(`The dev at ${endpoint} does not answer: ${messageOf(cause)}`, { cause }));
    });
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
