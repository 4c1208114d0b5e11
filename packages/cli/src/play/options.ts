/**
 * What may be said about playing a template: the same for all commands that play one.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';

import type { PlayOptions } from '@handlersmith/local';

import type { Input, Options } from '../command.ts';
import { messageOf, WrongUse } from '../problem.ts';

/** Options of every command that plays a template. */
export const PLAYING: Options = {
  parameter: {
    kind: 'list',
    value: 'name=value',
    help: 'A parameter of the template; may be given more than once.',
  },
  env: {
    kind: 'list',
    value: 'NAME=value',
    help: 'A variable of all functions, over the declared ones; may be given more than once.',
  },
  'env-file': { kind: 'text', value: 'file', help: 'Variables of all functions, from a file. --env wins.' },
  source: {
    kind: 'list',
    value: 'Function=file',
    help: "A function's source, where the template names an artefact and the source is not found from there.",
  },
  region: { kind: 'text', value: 'name', help: 'The region that is played. Default: us-east-1.' },
  unknown: {
    kind: 'text',
    choices: ['stop', 'go-on'],
    help: 'Whether what is not played here ends it, or is told and left out. Default: go-on.',
  },
  'retry-delay': {
    kind: 'number',
    value: 'ms',
    help: "Milliseconds between tries of asynchronous invocations, instead of Lambda's one and two minutes.",
  },
  'runtime-client': {
    kind: 'flag',
    help: "Runs functions under Lambda's own runtime client, aws-lambda-ric, which must be installed.",
  },
};

/**
 * Reads them.
 *
 * @throws WrongUse for a pair that is none, or a file that cannot be read
 */
export function playOptions(input: Input, folder: string): PlayOptions {
  const region = input.text('region');
  const unknown = input.text('unknown');
  const retryDelay = input.number('retry-delay');
  return {
    parameters: pairs(input, 'parameter'),
    sources: pairs(input, 'source'),
    environment: { ...fileVariables(input.text('env-file'), folder), ...pairs(input, 'env') },
    ...(region !== undefined && { region }),
    ...(unknown !== undefined && { unknown: unknown === 'stop' ? 'stop' : 'go on' }),
    ...(retryDelay !== undefined && { retryDelay }),
    ...(input.flag('runtime-client') && { runtimeClient: 'aws-lambda-ric' }),
  };
}

/** `name=value`, as often as it was given. The last one of a name counts. */
export function pairs(input: Input, name: string): Record<string, string> {
  return Object.fromEntries(
    input.list(name).map((pair) => {
      const [, left, right] = /^([^=]+)=([^]*)$/.exec(pair) ?? [];
      if (left === undefined || right === undefined)
        throw new WrongUse(`--${name} takes name=value, not "${pair}".`);
      return [left, right];
    }),
  );
}

function fileVariables(file: string | undefined, folder: string): Readonly<Record<string, string>> {
  if (file === undefined) return {};
  try {
    const entries = Object.entries(parseEnv(readFileSync(resolve(folder, file), 'utf8')));
    return Object.fromEntries(
      entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  } catch (cause) {
    throw new WrongUse(`--env-file: ${messageOf(cause)}`, { cause });
  }
}
