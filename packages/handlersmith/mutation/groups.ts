/**
 * What is mutated: code that works on values alone, where a test that notices nothing is a gap.
 *
 * @module
 */

/** Files that are mutated together, and the tests that should notice. */
export interface Group {
  /** Below `src`, without `.ts`. */
  readonly files: readonly string[];
  /** Below `src`; globs. */
  readonly tests: readonly string[];
  /** The least score, in percent of the mutants, that the group must reach. To be raised with the score. */
  readonly least: number;
}

/** By the name that `pnpm mutation` takes. */
export const groups: Readonly<Record<string, Group>> = {
  records: {
    files: ['schedule', 'pool', 'lanes', 'settlement', 'outcome', 'refusal', 'failed'].map(
      (name) => `records/${name}`,
    ),
    tests: ['records/{schedule,lanes,failed}.test.ts'],
    least: 85,
  },
  s3: {
    files: ['key', 'names', 'filter', 'notification', 'event', 'gone'].map((name) => `s3/${name}`),
    tests: ['s3/{key,event,gone,handler}.test.ts'],
    least: 90,
  },
  http: {
    files: ['match', 'pattern', 'cors', 'query', 'cookie'].map((name) => `http/${name}`),
    tests: ['http/{match,pattern,cors,query,cookie}.test.ts'],
    least: 88,
  },
  stream: {
    files: ['unmarshall', 'number', 'aggregate'].map((name) => `stream/${name}`),
    tests: ['stream/{unmarshall,number,aggregate}.test.ts'],
    least: 80,
  },
  cron: {
    files: ['expression', 'field', 'days', 'schedule'].map((name) => `cron/${name}`),
    tests: ['cron/{schedule,model}.test.ts'],
    least: 90,
  },
  idempotency: {
    files: ['key', 'header'].map((name) => `idempotency/${name}`),
    tests: ['idempotency/{key,header}.test.ts'],
    least: 85,
  },
};
