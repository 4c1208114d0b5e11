/**
 * The command line of `pnpm model`.
 *
 * @module
 */
import { parseArgs } from 'node:util';

import { ablations } from './configurations/ablations.ts';
import type { Configuration } from './configurations/configuration.ts';
import { holding } from './configurations/holds.ts';
import { large } from './configurations/large.ts';
import { others } from './configurations/others.ts';

export const help = `Usage: pnpm model [options]

Explores the store's protocol, state by state: what must hold holds, and what was taken apart breaks as it must.

  --large          what must hold, with more going on: minutes and gigabytes
  --only <name>    this configuration; may be given more than once, from either set
  --trace <name>   this configuration, with the shortest way to each invariant it breaks; may be given more than once
  --json           every outcome with its traces, as JSON
  --help           this text
`;

export const small: readonly Configuration[] = [...holding, ...ablations, ...others];

/** What was asked for. */
export interface ModelOptions {
  readonly help: boolean;
  readonly json: boolean;
  /** Show the traces of these. */
  readonly traces: boolean;
  readonly configurations: readonly Configuration[];
}

/**
 * Reads the command line.
 *
 * @throws Error for options there are none of, and for names of no configuration
 */
export function readOptions(args: readonly string[]): ModelOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      large: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      trace: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const named = [...values.only, ...values.trace];
  return {
    help: values.help,
    json: values.json,
    traces: values.trace.length > 0,
    configurations: named.length > 0 ? named.map(find) : values.large ? large : small,
  };
}

function find(name: string): Configuration {
  const all = [...small, ...large];
  const found = all.find((configuration) => configuration.name.toLowerCase() === name.toLowerCase());
  if (!found)
    throw new Error(
      `there is no ${name}; there are ${all.map((configuration) => configuration.name).join(', ')}`,
    );
  return found;
}
