/**
 * Who takes part.
 *
 * @module
 */
import { join } from 'node:path';

import { benchRoot, peersRoot } from './paths.ts';

/** One contestant. */
export interface Candidate {
  readonly name: string;
  /** What it is, for the tables. */
  readonly title: string;
  readonly role: 'base' | 'ours' | 'peer';
  /** Whether it writes a log line per invocation. */
  readonly logs: boolean;
  /** Absolute path of its source. */
  readonly source: string;
}

/** The schema libraries our variants come with. */
export const ourSchemas = ['ajv', 'valibot', 'mini', 'zod'] as const;

/** The base a candidate is held against: like with like, so the silent against the silent. */
export const baseOf = (candidate: Candidate): string => (candidate.logs ? 'bare' : 'bare-silent');

/** Which of ours does a peer's job the same way, so that the schema library is not what is compared. */
export const counterpartOf = (peer: string): string => (peer.startsWith('middy') ? 'ours-ajv' : 'ours-zod');

/** Tells what comes with the peers' own install. */
export const isInstalled = ({ source }: Candidate): boolean => source.startsWith(peersRoot);

/** Everybody, the empty handler first. */
export const candidates: readonly Candidate[] = [
  inFolder('candidates', 'base', 'empty', 'empty handler', false),
  inFolder('candidates', 'base', 'bare', 'bare, by hand', true),
  inFolder('candidates', 'base', 'bare-silent', 'bare, nothing logged', false),
  ...ourSchemas.flatMap((schema) => [
    inFolder('candidates', 'ours', `ours-${schema}`, `handlersmith + ${schemaTitle(schema)}`, true),
    inFolder(
      'candidates',
      'ours',
      `ours-${schema}-silent`,
      `handlersmith + ${schemaTitle(schema)}, nothing logged`,
      false,
    ),
  ]),
  inFolder(
    'peers',
    'peer',
    'middy-powertools',
    'five Middy packages + Powertools logger + precompiled Ajv',
    true,
  ),
  inFolder(
    'peers',
    'peer',
    'middy-tracer',
    'five Middy packages + Powertools logger, tracer + precompiled Ajv',
    true,
  ),
  inFolder('peers', 'peer', 'powertools-router', 'Powertools HTTP router + zod', true),
  inFolder('peers', 'peer', 'hono', 'Hono + zod', true),
  inFolder('peers', 'peer', 'lambda-api', 'lambda-api + zod', true),
  inFolder('peers', 'peer', 'effect', '@effect-aws/lambda', true),
];

/** Pairs that answer a question of their own: `[subject, what it is held against]`. */
export const pairs = {
  router: [
    inFolder('candidates', 'ours', 'router-hundred', 'a router of 100 routes', false),
    inFolder('candidates', 'ours', 'router-one', 'a router of one route', false),
  ],
  largeBody: [
    inFolder('candidates', 'ours', 'large-body', 'a 1 MB JSON body', false),
    inFolder('candidates', 'base', 'parse-only', 'JSON.parse of the same', false),
  ],
} as const;

/** A candidate whose file has its name. */
export function inFolder(
  folder: 'candidates' | 'peers',
  role: Candidate['role'],
  name: string,
  title: string,
  logs: boolean,
): Candidate {
  const source = join(benchRoot, folder, `${name}.${folder === 'peers' ? 'js' : 'ts'}`);
  return { name, title, role, logs, source };
}

function schemaTitle(schema: (typeof ourSchemas)[number]): string {
  return { ajv: 'precompiled Ajv', valibot: 'valibot', mini: 'zod/mini', zod: 'zod' }[schema];
}
