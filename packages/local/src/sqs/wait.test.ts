/** Long polls end when there is something, and when nobody waits any more. */
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { manualClock } from '../clock/clock.ts';
import type { Clock } from '../clock/clock.ts';
import { refusal, startFixture } from './server.fixture.ts';
import type { Fixture } from './server.fixture.ts';

let fixture: Fixture;
let made = 0;
/** Polls that wait: what sleeps for long in these tests. */
let polls = 0;
beforeAll(async () => {
  const clock = manualClock();
  const after: Clock['after'] = (milliseconds, callback) => {
    if (milliseconds < 10_000) return clock.after(milliseconds, callback);
    let sleeps = true;
    const wake = (): void => {
      if (sleeps) polls -= 1;
      sleeps = false;
    };
    const cancel = clock.after(milliseconds, () => {
      wake();
      callback();
    });
    polls += 1;
    return () => {
      wake();
      cancel();
    };
  };
  fixture = await startFixture({ clock: { ...clock, after } });
});
afterAll(() => fixture[Symbol.asyncDispose]());

const create = (attributes?: Record<string, string>): Promise<string> =>
  fixture.create(`queue-${(made += 1)}`, attributes);

const poll = (url: string): Promise<(string | undefined)[]> => fixture.bodies(url, { WaitTimeSeconds: 20 });
/** Resolves once so many polls wait in the server. */
const waiting = (count: number): Promise<void> => expect.poll(() => polls).toBe(count);

describe('a long poll', () => {
  test('ends when a message is sent, becomes visible again, or was delayed for long enough', async () => {
    const url = await create({ VisibilityTimeout: '5' });
    const sent = poll(url);
    await waiting(1);
    await fixture.send(url, 'x');
    expect(await sent).toEqual(['x']);
    const again = poll(url);
    await waiting(1);
    fixture.clock.advance(5_000);
    expect(await again).toEqual(['x']);
    await fixture.send(url, 'delayed', { DelaySeconds: 3 });
    const delayed = poll(url);
    await waiting(1);
    fixture.clock.advance(3_000);
    expect(await delayed).toEqual(['delayed']);
  });

  test('ends with nothing after its time, with the error where the queue goes', async () => {
    const url = await create({ ReceiveMessageWaitTimeSeconds: '10' });
    const byQueue = fixture.bodies(url);
    const byRequest = poll(url);
    await waiting(2);
    fixture.clock.advance(10_000);
    expect(await byQueue).toEqual([]);
    await fixture.client.send(new DeleteQueueCommand({ QueueUrl: url }));
    expect(await refusal(byRequest)).toEqual(['QueueDoesNotExist', 400, expect.any(String)]);
  });

  test('whose client went away takes no message', async () => {
    const url = await create();
    const controller = new AbortController();
    const gone = fetch(fixture.sqs.endpoint, {
      method: 'POST',
      headers: { authorization: 'any', 'x-amz-target': 'AmazonSQS.ReceiveMessage' },
      body: JSON.stringify({ QueueUrl: url, WaitTimeSeconds: 20 }),
      signal: controller.signal,
    }).catch((error: unknown) => error);
    await waiting(1);
    controller.abort();
    await gone;
    await waiting(0);
    await fixture.send(url, 'x');
    expect(await fixture.bodies(url)).toEqual(['x']);
  });
});
