/**
 * The event that a function is invoked with.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { codeOf, messageOf, WrongUse } from '../problem.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Reads it: `-` is standard input, then a file of that name, then JSON as it is typed. `{}` if not given.
 *
 * @throws WrongUse where it is none of these
 */
export async function readEvent(given: string | undefined, { stdin, folder }: Terminal): Promise<unknown> {
  if (given === undefined) return {};
  if (given === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of stdin as AsyncIterable<Buffer>) chunks.push(chunk);
    return parsed(Buffer.concat(chunks).toString(), 'standard input');
  }
  if (/^\s*[[{"]/.test(given)) return parsed(given, 'the event');
  try {
    return parsed(readFileSync(resolve(folder, given), 'utf8'), given);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw wrong(error);
    return parsed(given, `there is no file ${given}, and as an event it`);
  }
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new WrongUse(`${where} is no JSON: ${messageOf(cause)}`, { cause });
  }
}

function wrong(error: unknown): WrongUse {
  return error instanceof WrongUse ? error : new WrongUse(`The event: ${messageOf(error)}`, { cause: error });
}
