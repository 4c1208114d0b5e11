import { captureLogs, lambdaContext, sqsEvent } from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { sqsHandler } from './index.ts';

/** Faults of other batch processors, of Powertools' 2.35.0 in particular. */
describe('hazards of batch processing', () => {
  it('Q5 no limit: a batch of 1,000 does not run 1,000 at once', async () => {
    let running = 0;
    let peak = 0;
    const handler = sqsHandler({ logger: false }, async () => {
      peak = Math.max(peak, ++running);
      await new Promise(setImmediate);
      running -= 1;
    });
    await handler(sqsEvent(Array.from({ length: 1000 }, () => ({}))));
    expect(peak).toBe(10);
  });

  it('Q10 failures that nobody logs', async () => {
    const handler = sqsHandler({}, () => Promise.reject(new Error('the shop is closed')));
    const { raw } = await captureLogs(() => handler(sqsEvent([{}, {}]), lambdaContext()));
    expect(raw.filter((line) => line.includes('the shop is closed'))).toHaveLength(2);
  });

  it.each([1, 5])('Q1 a batch of %i in which all fail is answered, not thrown', async (length) => {
    const handler = sqsHandler({ logger: false }, () => Promise.reject(new Error('no')));
    const event = sqsEvent(Array.from({ length }, () => ({})));
    expect((await handler(event)).batchItemFailures).toHaveLength(length);
  });

  it('Q7 `throw undefined` fails one message, not the batch', async () => {
    const handler = sqsHandler({ logger: false }, ({ messageId }) => {
      // oxlint-disable-next-line only-throw-error -- people do
      if (messageId === 'bad') throw undefined;
    });
    expect(await handler(sqsEvent([{ messageId: 'bad' }, {}]))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'bad' }],
    });
  });

  it('Q11 an answer that is shared: what one caller does to it, the next does not see', async () => {
    const handler = sqsHandler({ logger: false }, () => {});
    const answer = await handler(sqsEvent([{}]));
    answer.batchItemFailures.push({ itemIdentifier: 'never heard of' });
    expect((await handler(sqsEvent([{}]))).batchItemFailures).toEqual([]);
  });

  it('a schema that is built anew for each message', async () => {
    let built = 0;
    const schema = z.object({ id: z.string() });
    const handler = sqsHandler(
      {
        logger: false,
        // A getter tells how often the validator is asked for.
        message: {
          get '~standard'() {
            built += 1;
            return schema['~standard'];
          },
        },
      },
      () => {},
    );
    const before = built;
    await handler(sqsEvent(Array.from({ length: 100 }, () => ({ body: { id: 'x' } }))));
    expect(built).toBe(before);
  });
});
