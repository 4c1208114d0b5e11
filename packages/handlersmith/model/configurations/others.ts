/**
 * What breaks beside the store: a protocol that was not taken, and Powertools idempotency round the plain handler.
 *
 * @module
 */
import { budget } from '../adversary.ts';
import type { Invariant } from '../invariants.ts';
import type { PowertoolsOptions } from '../powertools.ts';
import type { Configuration } from './configuration.ts';

const candidate: Configuration = {
  name: 'C1',
  title: 'pending row, upload, commit; sweep by row',
  protocol: 'pending-row',
  options: { payloads: ['P1', 'P1'], budget: budget(1, 1, 2) },
  breaks: ['I4'],
};

function powertools(
  name: string,
  title: string,
  invariants: readonly Invariant[],
  options: PowertoolsOptions,
): Configuration {
  return { name, title, protocol: 'powertools', options, breaks: invariants };
}

const mended = { middleware: false } as const;
const derived = { middleware: false, ids: 'key' } as const;

const powertoolsRound: readonly Configuration[] = [
  powertools('PT1', 'Powertools 2.35 and Middy, no fault, three duplicates', ['I2', 'I3'], {
    payloads: ['P1', 'P1', 'P1'],
    budget: budget(0, 0),
  }),
  powertools('PT2', 'Powertools 2.35 and Middy, no fault, another payload', ['I2', 'I3', 'I6'], {
    payloads: ['P1', 'P2', 'P2'],
    budget: budget(0, 0),
  }),
  powertools('PT3', 'Powertools mended, random ids, one unanswered request', ['I2', 'I4'], {
    ...mended,
    payloads: ['P1', 'P1'],
    budget: budget(1, 0),
  }),
  powertools('PT4', 'Powertools mended, random ids, one crash', ['I2', 'I4'], {
    ...mended,
    payloads: ['P1', 'P1'],
    budget: budget(0, 1),
  }),
  powertools('PT5', 'Powertools mended, ids from the key, one crash, another payload', ['I1', 'I4'], {
    ...derived,
    payloads: ['P1', 'P1', 'P2'],
    budget: budget(0, 1),
  }),
  powertools('PT6', 'as PT5, and a late request', ['I1', 'I4', 'I5', 'I6'], {
    ...derived,
    late: true,
    payloads: ['P1', 'P1', 'P2'],
    budget: budget(1, 1),
  }),
  powertools(
    'PT7',
    'Powertools mended, ids from the key, a paused owner and no other fault',
    ['I1', 'I5', 'I6'],
    {
      ...derived,
      zombies: true,
      payloads: ['P1', 'P1', 'P2'],
      budget: budget(0, 0),
    },
  ),
  powertools('PT8', 'Powertools mended, ids from the key, one payload only', ['I4'], {
    ...derived,
    zombies: true,
    late: true,
    payloads: ['P1', 'P1', 'P1'],
    budget: budget(1, 1),
  }),
];

export const others: readonly Configuration[] = [candidate, ...powertoolsRound];
