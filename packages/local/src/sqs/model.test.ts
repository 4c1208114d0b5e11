/** Whatever producers and consumers do, a FIFO queue keeps its promises. */
import { ChangeMessageVisibilityCommand, DeleteMessageCommand } from '@aws-sdk/client-sqs';
import {
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  record,
} from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startFixture } from './server.fixture.ts';
import type { Fixture } from './server.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const GROUPS = ['A', 'B', 'C'];
const VISIBILITY_MS = 10_000;

const step = oneof(
  {
    weight: 4,
    arbitrary: record({ do: constant('send' as const), group: constantFrom(...GROUPS) }),
  },
  {
    weight: 3,
    arbitrary: record({ do: constant('receive' as const), count: integer({ min: 1, max: 10 }) }),
  },
  { weight: 3, arbitrary: record({ do: constant('delete' as const), pick: nat() }) },
  { weight: 1, arbitrary: record({ do: constant('give back' as const), pick: nat() }) },
  {
    weight: 1,
    arbitrary: record({
      do: constant('keep' as const),
      pick: nat(),
      seconds: integer({ min: 1, max: 30 }),
    }),
  },
  {
    weight: 1,
    arbitrary: record({
      do: constant('wait' as const),
      milliseconds: integer({ min: 1, max: 15_000 }),
    }),
  },
);
type Step = typeof step extends Arbitrary<infer Value> ? Value : never;

interface InFlight {
  readonly body: string;
  readonly handle: string;
  until: number;
}

/** What a queue must do, in a few lines: groups in order, locked while something of them is in flight. */
class Model {
  readonly groups: Map<string, string[]> = new Map(GROUPS.map((group) => [group, []]));
  readonly inFlight: Map<string, InFlight> = new Map();
  /** Receives whose time is over or whose message was given back. */
  expired: InFlight[] = [];

  expire(now: number): void {
    for (const receive of this.inFlight.values()) {
      if (receive.until > now) continue;
      this.inFlight.delete(receive.body);
      this.expired.push(receive);
    }
  }

  openGroups(): string[][] {
    return [...this.groups.values()].filter(
      (bodies) => bodies.length > 0 && !bodies.some((body) => this.inFlight.has(body)),
    );
  }

  remove(body: string): void {
    this.inFlight.delete(body);
    const group = this.groups.get(body.slice(0, 1));
    group?.splice(group.indexOf(body), 1);
  }
}

/** Plays the steps on a queue and on the model. */
async function play(queueUrl: string, steps: readonly Step[]): Promise<Model> {
  const model = new Model();
  const { client, clock } = fixture;
  const picked = (pick: number): InFlight | undefined =>
    [...model.inFlight.values()][pick % Math.max(1, model.inFlight.size)];
  let sent = 0;

  const receiveSome = async (count: number): Promise<void> => {
    const messages = await fixture.receive(queueUrl, { MaxNumberOfMessages: count });
    const bodies = messages.map(({ Body = '' }) => Body);
    const open = model.openGroups();
    expect(bodies).toHaveLength(Math.min(count, open.flat().length));
    for (const group of open) {
      const ofGroup = bodies.filter((body) => body[0] === group[0]?.[0]);
      expect(ofGroup).toEqual(group.slice(0, ofGroup.length));
    }
    for (const { Body: body = '', ReceiptHandle: handle = '' } of messages) {
      model.inFlight.set(body, { body, handle, until: clock.now() + VISIBILITY_MS });
    }
  };
  const change = async (receive: InFlight, seconds: number): Promise<void> => {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receive.handle,
        VisibilityTimeout: seconds,
      }),
    );
    receive.until = clock.now() + seconds * 1_000;
  };
  const take = async (next: Step): Promise<void> => {
    if (next.do === 'send') {
      const body = `${next.group}${(sent += 1)}`;
      await fixture.send(queueUrl, body, { MessageGroupId: next.group, MessageDeduplicationId: body });
      model.groups.get(next.group)?.push(body);
    } else if (next.do === 'receive') {
      await receiveSome(next.count);
    } else if (next.do === 'wait') {
      clock.advance(next.milliseconds);
    } else {
      const receipt = picked(next.pick);
      if (receipt === undefined) return;
      if (next.do === 'keep') return change(receipt, next.seconds);
      if (next.do === 'give back') return change(receipt, 0);
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt.handle }));
      model.remove(receipt.body);
    }
  };
  for (const next of steps) {
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    await take(next);
    model.expire(clock.now());
  }
  return model;
}

test(
  'order within each group, nothing of a locked group, nothing twice once it is deleted, nothing lost',
  { timeout: 120_000 },
  async () => {
    let run = 0;
    await assert(
      asyncProperty(array(step, { maxLength: 60, size: 'max' }), async (steps) => {
        const queueUrl = await fixture.create(`model-${(run += 1)}.fifo`, {
          VisibilityTimeout: String(VISIBILITY_MS / 1_000),
        });
        const model = await play(queueUrl, steps);
        const left = fixture.sqs.queue(`model-${run}.fifo`)?.messages() ?? [];
        for (const [group, bodies] of model.groups) {
          expect(left.map(({ body }) => body).filter((body) => body.startsWith(group))).toEqual(bodies);
        }
        // Late handles delete nothing.
        await Promise.all(
          model.expired.map(({ handle }) =>
            fixture.client
              .send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: handle }))
              .catch(() => {}),
          ),
        );
        expect(fixture.sqs.queue(`model-${run}.fifo`)?.messages()).toHaveLength(left.length);
      }),
      { numRuns: 100 },
    );
  },
);
