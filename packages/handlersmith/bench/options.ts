/**
 * The command line of `pnpm bench`.
 *
 * @module
 */
import { parseArgs } from 'node:util';

import { candidates, ourSchemas, type Candidate } from './candidates.ts';

export const help = `Usage: pnpm bench [options]

Holds handlersmith against a handler by hand and against other libraries, on this machine, in one run.

  --quick              fewer rounds, ours with Ajv and zod only, no tracer: under a minute once the peers are installed
  --against <name>     only this peer; may be given more than once (none: no peer at all)
  --ours <schema>      only this variant of ours: ${ourSchemas.join(', ')}; may be given more than once (none: peers alone)
  --instructions       also count cold instructions; needs valgrind, takes minutes
  --json <file>        write every figure there
  --markdown <file>    write the report there, too
  --profile <name>     no measurements: where the time of one candidate goes, function by function
  --scenario <name>    the event to profile: valid (default), invalid, malformed
  --help               this text

Peers: ${peerNames().join(', ')}
`;

/** What was asked for. */
export interface BenchOptions {
  readonly help: boolean;
  readonly quick: boolean;
  readonly instructions: boolean;
  readonly json: string | undefined;
  readonly markdown: string | undefined;
  readonly profile: string | undefined;
  readonly scenario: 'valid' | 'invalid' | 'malformed';
  /** Who takes part; the empty handler and the bases always do. */
  readonly contestants: readonly Candidate[];
}

/**
 * Reads the command line.
 *
 * @param args - without node and script
 * @returns the options, defaults filled in
 * @throws when an option, a peer or a variant does not exist
 */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    // pnpm hands a leading `--` on.
    args: args.filter((argument) => argument !== '--'),
    options: {
      quick: { type: 'boolean', default: false },
      against: { type: 'string', multiple: true },
      ours: { type: 'string', multiple: true },
      instructions: { type: 'boolean', default: false },
      json: { type: 'string' },
      markdown: { type: 'string' },
      profile: { type: 'string' },
      scenario: { type: 'string', default: 'valid' },
      help: { type: 'boolean', default: false },
    },
  });
  // Whoever names a candidate gets it, quick or not.
  const everyPeer = values.quick ? peerNames().filter((name) => name !== 'middy-tracer') : peerNames();
  const peers = values.against ? oneOf('--against', values.against, peerNames()) : everyPeer;
  const everySchema = values.quick ? (['ajv', 'zod'] as const) : ourSchemas;
  const schemas = values.ours ? oneOf('--ours', values.ours, ourSchemas) : everySchema;
  const [scenario] = oneOf('--scenario', [values.scenario], ['valid', 'invalid', 'malformed'] as const);
  return {
    help: values.help,
    quick: values.quick,
    instructions: values.instructions,
    json: values.json,
    markdown: values.markdown,
    profile: values.profile,
    scenario: scenario ?? 'valid',
    contestants: candidates.filter(({ name, role }) => {
      if (role === 'peer') return peers.includes(name);
      return role === 'base' || schemas.some((schema) => name.startsWith(`ours-${schema}`));
    }),
  };
}

function oneOf<Name extends string>(
  flag: string,
  given: readonly string[],
  known: readonly Name[],
): readonly Name[] {
  const unknown = given.find((name) => name !== 'none' && !known.some((one) => one === name));
  if (unknown !== undefined)
    throw new Error(`${flag} takes ${known.join(', ')} or none; "${unknown}" is none of them`);
  return known.filter((name) => given.includes(name));
}

function peerNames(): string[] {
  return candidates.filter(({ role }) => role === 'peer').map(({ name }) => name);
}
