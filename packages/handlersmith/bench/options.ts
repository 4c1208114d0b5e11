/**
 * The command line of `pnpm bench`.
 *
 * @module
 */
import { parseArgs } from 'node:util';

import { batchFields, type BatchJob } from './batches.ts';
import { candidates, ourSchemas, type Candidate } from './candidates.ts';
import { batchScenarios } from './job/batches.ts';

export const help = `Usage: pnpm bench [options]

Holds handlersmith against a handler by hand and against other libraries, on this machine, in one run.

  --quick              fewer rounds, ours with Ajv and zod only, no tracer, no batches: under a minute once the peers
                       are installed
  --batches            the batch rows only: SQS, JSON with a schema, DynamoDB images, replays; with --quick too
  --against <name>     only this peer; may be given more than once (none: no peer at all)
  --ours <schema>      only this variant of ours: ${ourSchemas.join(', ')}; may be given more than once (none: peers alone)
  --runner             only the local runner: items-api played from its template, requests a second; with --quick too
  --instructions       also count cold instructions; needs valgrind, takes minutes
  --json <file>        write every figure there
  --markdown <file>    write the report there, too
  --profile <name>     no measurements: where the time of one candidate goes, function by function
  --scenario <name>    the event to profile: valid (default), invalid, malformed; for candidates with batches
                       ${batchScenarios.join(', ')}
  --help               this text

Peers: ${peerNames().join(', ')}
`;

const scenarios: readonly string[] = ['valid', 'invalid', 'malformed', ...batchScenarios];

/** What was asked for. */
export interface BenchOptions {
  readonly help: boolean;
  readonly quick: boolean;
  readonly instructions: boolean;
  /** Whether the local runner is asked for, and nothing else. */
  readonly runner: boolean;
  readonly json: string | undefined;
  readonly markdown: string | undefined;
  readonly profile: string | undefined;
  readonly scenario: string;
  /** Who takes part in the HTTP rows; the empty handler and the bases always do. Nobody where only batches were asked for. */
  readonly contestants: readonly Candidate[];
  /** Who takes part in the batch rows; `undefined` where they are left out. */
  readonly batches: Readonly<Record<BatchJob, readonly Candidate[]>> | undefined;
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
      batches: { type: 'boolean', default: false },
      runner: { type: 'boolean', default: false },
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
  const [scenario] = oneOf('--scenario', [values.scenario], scenarios);
  return {
    help: values.help,
    runner: values.runner,
    quick: values.quick,
    instructions: values.instructions,
    json: values.json,
    markdown: values.markdown,
    profile: values.profile,
    scenario: scenario ?? 'valid',
    contestants: (values.batches ? [] : candidates).filter(({ name, role }) => {
      if (role === 'peer') return peers.includes(name);
      return role === 'base' || schemas.some((schema) => name.startsWith(`ours-${schema}`));
    }),
    batches: values.batches || !values.quick ? batches(peers, schemas.length > 0) : undefined,
  };
}

/** Everybody in the batch rows but peers and ours that were not asked for. The one they are held against stays. */
function batches(peers: readonly string[], withOurs: boolean): BenchOptions['batches'] {
  const taking = ({ name, role }: Candidate): boolean =>
    role === 'base' || (role === 'ours' ? withOurs : peers.includes(name));
  const { sqs, json, images, replay } = batchFields;
  return {
    sqs: sqs.candidates.filter(taking),
    json: json.candidates.filter(taking),
    images: images.candidates.filter(taking),
    replay: replay.candidates.filter(taking),
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
  const inBatches = Object.values(batchFields).flatMap((field): readonly Candidate[] => field.candidates);
  return [...candidates, ...inBatches].filter(({ role }) => role === 'peer').map(({ name }) => name);
}
