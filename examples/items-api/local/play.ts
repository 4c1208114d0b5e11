/**
 * One step of the tour: a real request, its answer, and whether that is the answer it should be.
 *
 * @module
 */
import { partialDeepStrictEqual } from 'node:assert/strict';

import { printAnswer, printRequest } from './print.ts';

export interface Step {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
}

export interface Expected {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | RegExp>>;
  /** What the JSON body has at least. `''` for none. */
  readonly body?: unknown;
}

export interface Played {
  readonly headers: Headers;
  readonly json: unknown;
}

/** An answer is not what it should be. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected';
}

export type Play = (title: string, line: string, step: Step, expected: Expected) => Promise<Played>;

/** @param url - of the API */
export function player(url: string): Play {
  let number = 0;
  return async (title, line, step, expected) => {
    const [method = '', target = ''] = line.split(' ');
    const body =
      step.body === undefined || typeof step.body === 'string' ? step.body : JSON.stringify(step.body);
    const headers = { ...(body !== undefined && { 'content-type': 'application/json' }), ...step.headers };
    printRequest(++number, title, { line, headers, body });

    const response = await fetch(`${url}${target}`, { method, headers, ...(body !== undefined && { body }) });
    const text = await response.text();
    printAnswer({ status: response.status, headers: response.headers, body: text }, headers);

    const wrong = difference(response, text, expected);
    if (wrong !== undefined) throw new Unexpected(`Step ${number}, ${line}: ${wrong}`);
    return { headers: response.headers, json: text === '' ? undefined : JSON.parse(text) };
  };
}

function difference(response: Response, text: string, expected: Expected): string | undefined {
  if (response.status !== expected.status)
    return `expected status ${expected.status}, got ${response.status}`;
  for (const [name, value] of Object.entries(expected.headers ?? {})) {
    const sent = response.headers.get(name);
    const fits = typeof value === 'string' ? sent === value : sent !== null && value.test(sent);
    if (!fits) return `expected header ${name} to be ${String(value)}, got ${String(sent)}`;
  }
  if (expected.body === undefined) return undefined;
  if (expected.body === '') return text === '' ? undefined : `expected no body, got ${text}`;
  try {
    partialDeepStrictEqual(JSON.parse(text), expected.body);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
