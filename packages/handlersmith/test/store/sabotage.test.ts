/**
 * T4: the store with one part replaced by a broken one. Each must be found by the same means that find nothing in the
 * store as it is: else those prove nothing.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import type { Settings } from '../../src/store/settings.ts';
import type { BlobReference } from '../../src/store/types.ts';
import { singlesOf } from './faults/cases.ts';
import { modeNamed } from './faults/modes.ts';
import { distinctFaults } from './faults/plans.ts';
import { type Runner, runnerFor } from './faults/run.ts';
import type { BenchOptions } from './simulation/bench.ts';
import { type Flaw, sweepOnce } from './simulation/sweeper.ts';
import { startWorld, type World } from './simulation/world.ts';
import { type Flavour, soak } from './soak/soak.ts';

const broken = vi.hoisted(() => ({ part: '' }));

async function deleteBlob(settings: Settings, blob: BlobReference | undefined): Promise<void> {
  if (blob === undefined) return;
  const { client, sdk } = await settings.s3();
  await client
    .send(new sdk.DeleteObjectCommand({ Bucket: blob.bucket, Key: blob.key }))
    .catch(() => undefined);
}

vi.mock(import('../../src/store/commit.ts'), async (original) => {
  const whole = await original();
  return {
    ...whole,
    commit: async (attempt, records, draft) => {
      const isCreation = draft.change.kind !== 'remove';
      try {
        const outcome = await whole.commit(attempt, records, draft);
        if (broken.part === 'row refused, blob deleted' && outcome.kind === 'rowRefused' && isCreation)
          await deleteBlob(attempt.settings, draft.blob);
        return outcome;
      } catch (error) {
        if (broken.part === 'outcome unknown, blob deleted' && isCreation)
          await deleteBlob(attempt.settings, draft.blob);
        throw error;
      }
    },
  };
});

vi.mock(import('../../src/store/transaction.ts'), async (original) => {
  const whole = await original();
  return {
    ...whole,
    transactionOf: (attempt, records, draft) => {
      const input = whole.transactionOf(attempt, records, draft);
      const [record, row, ...others] = input.TransactItems ?? [];
      const {
        ConditionExpression: _,
        ExpressionAttributeNames: __,
        ExpressionAttributeValues: ___,
        ...put
      } = record?.Put ?? { TableName: undefined, Item: undefined };
      switch (broken.part) {
        case 'commit without a condition on the record':
          return { ...input, TransactItems: [{ Put: put }, ...(row === undefined ? [] : [row]), ...others] };
        case 'commit of any generation':
          return {
            ...input,
            TransactItems: [
              {
                Put: {
                  ...put,
                  ConditionExpression: 'attribute_not_exists(pk) OR #state <> :committed',
                  ExpressionAttributeNames: { '#state': 'state' },
                  ExpressionAttributeValues: { ':committed': { S: 'C' } },
                },
              },
              ...(row === undefined ? [] : [row]),
              ...others,
            ],
          };
        case 'row created whatever is there': {
          if (draft.change.kind !== 'create' || row?.Put === undefined) return input;
          const { TableName, Item } = row.Put;
          return {
            ...input,
            TransactItems: [
              ...(record === undefined ? [] : [record]),
              { Put: { TableName, Item } },
              ...others,
            ],
          };
        }
        default:
          return input;
      }
    },
  };
});

vi.mock(import('../../src/store/fingerprint.ts'), async (original) => {
  const whole = await original();
  return {
    ...whole,
    fingerprinting: (request) =>
      broken.part === 'no fingerprint' ? () => 'any' : whole.fingerprinting(request),
  };
});

vi.mock(import('../../src/store/names.ts'), async (original) => {
  const whole = await original();
  return {
    ...whole,
    blobKey: (prefix, name) =>
      whole.blobKey(
        prefix,
        broken.part === 'one blob key for all payloads' ? { ...name, content: 'blob' } : name,
      ),
  };
});

vi.mock(import('../../src/store/answer.ts'), async (original) => {
  const whole = await original();
  return {
    ...whole,
    replay: async (write, record, sha256, mine) => {
      if (broken.part === 'loser deletes its blob, whosever it is') await deleteBlob(write.settings, mine);
      const result = await whole.replay(write, record, sha256, mine);
      if (broken.part !== 'answer made anew' || result.status !== 'replayed') return result;
      return { ...result, response: { ...(result.response as object), title: write.attempt.id } };
    },
  };
});

vi.mock(import('../../src/store/fence.ts'), async (original) => {
  const whole = await original();
  return {
    ...whole,
    fence: async (attempt, name) =>
      broken.part === 'sweep without a fence' ? true : whole.fence(attempt, name),
  };
});

vi.mock(import('../../src/store/row.ts'), async (original) => {
  const whole = await original();
  return {
    ...whole,
    isMadeBy: (row, write) => broken.part !== 'row not asked who made it' && whole.isMadeBy(row, write),
  };
});

let world: World;
let run: Runner;
beforeAll(async () => {
  world = await startWorld();
  run = await runnerFor(world);
});
afterAll(() => world[Symbol.asyncDispose]());

/** Seeds that a broken part has to be found by. */
const SEEDS = 12;
const ATTEMPTS = 100;

/** Violations that seeds find, up to the first seed that finds any. */
async function bySeeds(
  label: string,
  flavour: Flavour,
  sweep?: BenchOptions['sweep'],
): Promise<readonly string[]> {
  for (let seed = 1; seed <= SEEDS; seed++) {
    // oxlint-disable-next-line no-await-in-loop -- until one finds it
    const { found } = await soak({
      world,
      seed,
      attempts: ATTEMPTS,
      flavour,
      label: `-${label.replaceAll(/\W+/g, '-')}`,
      ...(sweep === undefined ? {} : { sweep }),
    });
    if (found.length > 0) return found;
  }
  return [];
}

/** Violations that single faults find in one mode, and with them the traces. */
async function byFaults(mode: string): Promise<readonly string[]> {
  const under = { mode: modeNamed(mode), tries: 1 };
  const { violations } = await run([{ ...under, plan: new Map() }]);
  if (violations.length > 0) return violations;
  return (await run(await singlesOf(run, under.mode, distinctFaults, [under.tries]))).violations;
}

describe('T4 seeds find', () => {
  it.each([
    ['outcome unknown, blob deleted', 'creates', 'I1'],
    ['row refused, blob deleted', 'mixed', 'I1'],
    ['commit without a condition on the record', 'mixed', 'I2'],
    ['commit of any generation', 'creates', 'I1'],
    ['sweep without a fence', 'creates', 'I1'],
    ['row created whatever is there', 'mixed', 'I5'],
    ['no fingerprint', 'creates', 'I6'],
    ['one blob key for all payloads', 'creates', 'I1'],
    ['loser deletes its blob, whosever it is', 'creates', 'I1'],
    ['answer made anew', 'creates', 'I3'],
    ['row not asked who made it', 'replaced', 'I2'],
  ] as const)('%s', { timeout: 300_000 }, async (part, flavour, invariant) => {
    broken.part = part;
    try {
      expect(await bySeeds(part, flavour)).toContainEqual(expect.stringContaining(invariant));
    } finally {
      broken.part = '';
    }
  });

  it.each([
    ['no fence', 'creates', 'I1'],
    ['row read before the fence alone', 'creates', 'I1'],
    ['record trusted', 'creates', 'I1'],
  ] as const)('a sweep with: %s', { timeout: 300_000 }, async (flaw: Flaw, flavour, invariant) => {
    const found = await bySeeds(flaw, flavour, (clients, place) => sweepOnce(clients, place, flaw));
    expect(found).toContainEqual(expect.stringContaining(invariant));
  });

  it(
    'nothing, when nothing is broken: neither in the store nor in the sweep written for these tests',
    { timeout: 300_000 },
    async () => {
      const { found } = await soak({
        world,
        seed: 1,
        attempts: ATTEMPTS,
        flavour: 'creates',
        label: '-control',
        sweep: (clients, place) => sweepOnce(clients, place),
      });
      expect(found).toEqual([]);
    },
  );
});

describe('T4 single faults find', () => {
  it.each([
    ['outcome unknown, blob deleted', 'create', 'I1'],
    ['no fingerprint', 'create', 'I6'],
    ['answer made anew', 'create', 'I3'],
    ['row not asked who made it', 'replace, the record expires', 'I2'],
  ] as const)('%s', { timeout: 300_000 }, async (part, mode, invariant) => {
    broken.part = part;
    try {
      expect(await byFaults(mode)).toContainEqual(expect.stringContaining(invariant));
    } finally {
      broken.part = '';
    }
  });
});
