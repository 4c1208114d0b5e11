import { setTimeout as sleep } from 'node:timers/promises';

import { httpEvent, httpSources, invoke, lambdaContext, readAnswer, requestAs } from '@handlersmith/testing';
import { httpHandler, ok } from 'handlersmith/http';
import { describe, expect, it } from 'vitest';

const cors = { origins: ['https://app.example.com'] };
const never = httpHandler({ logger: false, cors, deadlineMargin: 600 }, () => new Promise(() => {}));

describe.each(httpSources)('%s', (source) => {
  const request = requestAs(source);

  it('H18 A5 a 504 leaves before the function is ended', async () => {
    const context = lambdaContext({ timeout: 1200 });
    const response = await request(never, 'GET /', {
      context,
      headers: { origin: 'https://app.example.com' },
    });
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(0);
    expect(response.status).toBe(504);
    expect(response.header('access-control-allow-origin')).toBe('https://app.example.com');
    expect(response.json()).toMatchObject({ title: 'Gateway Timeout', detail: 'The request took too long' });
  });

  it('H18 a 504 leaves before the gateway gives up', async () => {
    const handler = httpHandler(
      { logger: false, gatewayTimeout: 1000, deadlineMargin: 700 },
      () => new Promise(() => {}),
    );
    const startedAt = performance.now();
    const response = await request(handler, 'GET /', { context: lambdaContext({ timeout: 60_000 }) });
    expect(response.status).toBe(504);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  it('H18 the time left is the shorter of the function’s and the gateway’s', async () => {
    const handler = httpHandler({ logger: false, deadlineMargin: 100 }, ({ remaining }) =>
      Math.round(remaining()),
    );
    const left = (await request(handler, 'GET /', { context: lambdaContext({ timeout: 900_000 }) })).json();
    const gateway = { rest: 29_000, httpApi: 30_000, functionUrl: 900_000, alb: 900_000, albMulti: 900_000 }[
      source
    ];
    expect(left).toBeLessThanOrEqual(gateway - 100);
    expect(left).toBeGreaterThan(gateway - 1100);
  });

  it('H18 the gateway’s clock runs while the handler keeps the processor busy', async () => {
    const handler = httpHandler(
      { logger: false, gatewayTimeout: 1000, deadlineMargin: 0 },
      ({ remaining }) => {
        const startedAt = performance.now();
        while (performance.now() - startedAt < 30);
        return remaining();
      },
    );
    expect((await request(handler, 'GET /')).json()).toBeLessThanOrEqual(970);
  });

  it('A5 work that stops when its signal says so still counts', async () => {
    const handler = httpHandler({ logger: false, deadlineMargin: 200 }, async ({ signal }) => {
      const partial = await sleep(5000, 'whole', { signal }).catch(() => 'partial');
      return ok({ partial });
    });
    const response = await request(handler, 'GET /', { context: lambdaContext({ timeout: 400 }) });
    expect([response.status, response.json()]).toEqual([200, { partial: 'partial' }]);
  });

  it('A5 a margin larger than the time there is leaves time to answer all the same', async () => {
    const handler = httpHandler({ logger: false, deadlineMargin: 60_000 }, () => new Promise(() => {}));
    const context = lambdaContext({ timeout: 1000 });
    expect((await request(handler, 'GET /', { context })).status).toBe(504);
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(0);
  });

  it('A5 what remains is nothing once the signal has aborted', async () => {
    const handler = httpHandler({ logger: false, deadlineMargin: 200 }, async ({ signal, remaining }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return remaining();
    });
    const response = await request(handler, 'GET /', { context: lambdaContext({ timeout: 450 }) });
    expect([response.status, response.text()]).toEqual([200, '0']);
  });

  it.each([0, 1, 5])('A5 with %i ms left there is an answer at once', async (timeout) => {
    expect((await request(never, 'GET /', { context: lambdaContext({ timeout }) })).status).toBe(504);
  });

  it('A4 there may be no context, no clock, or one that has lost its object', async () => {
    const handler = httpHandler({ logger: false, gatewayTimeout: 0 }, ({ remaining, signal }) => ({
      left: remaining(),
      aborted: signal.aborted,
    }));
    const unbounded = httpHandler({ logger: false }, ({ remaining, context }) => [
      remaining() > 1000,
      typeof context,
    ]);
    const event = httpEvent(source, {});
    for (const context of [undefined, {}, { getRemainingTimeInMillis: undefined }]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const answer = await unbounded(event, context as never);
      expect(readAnswer(source, answer).json()).toEqual([true, 'object']);
    }
    // oxlint-disable-next-line typescript/unbound-method -- what the test is about
    const { getRemainingTimeInMillis } = lambdaContext({ timeout: 5000 });
    const answer = await unbounded(event, { getRemainingTimeInMillis });
    expect(readAnswer(source, answer).json()).toEqual([true, 'object']);
    expect(readAnswer(source, await invoke(handler, event)).json()).toEqual({ left: 0, aborted: false });
  });

  it('A4 the clock may be a method that needs its object, with middlewares too', async () => {
    class Clocked {
      readonly left = 5000;
      getRemainingTimeInMillis(): number {
        return this.left;
      }
    }
    const read = ({ context, remaining }: { context: object; remaining: () => number }): number[] => [
      (context as Clocked).getRemainingTimeInMillis(), // the context given below
      remaining(),
    ];
    const plain = httpHandler({ logger: false, deadlineMargin: 0 }, read);
    const used = httpHandler({ logger: false, deadlineMargin: 0, use: [{ before: () => {} }] }, read);
    const event = httpEvent(source, {});
    const answers = await Promise.all(
      [plain, used].map((handler) => handler(event as never, new Clocked() as never)),
    );
    expect(answers.map((answer) => readAnswer(source, answer).json())).toEqual([
      [5000, 5000],
      [5000, 5000],
    ]);
  });
});

describe('A3 what an invocation started', () => {
  it('is told to stop when the time is up, and nothing of it is left once it has', async () => {
    const settled: string[] = [];
    const handler = httpHandler({ logger: false, deadlineMargin: 60 }, async ({ signal }) => {
      const work = async (name: string): Promise<void> => {
        try {
          await sleep(5000, undefined, { signal });
        } finally {
          settled.push(name);
        }
      };
      await Promise.all([work('first'), work('second')]);
    });
    const answer = await invoke(handler, httpEvent('httpApi'), lambdaContext({ timeout: 120 }));
    expect(settled).toEqual(['first', 'second']);
    // The signal's reason is what the work threw: a deadline, not a fault of its own.
    expect(readAnswer('httpApi', answer).status).toBe(504);
  });

  it('leaves no timer behind that would hold the environment up', async () => {
    const before = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const handler = httpHandler({ logger: false }, async ({ signal }) => {
      await sleep(1, undefined, { signal });
      return {};
    });
    await Promise.all(
      Array.from({ length: 20 }, () =>
        invoke(handler, httpEvent('rest'), lambdaContext({ timeout: 60_000 })),
      ),
    );
    expect(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length).toBeLessThanOrEqual(
      before,
    );
  });

  it('may fail late without anybody to hear it', async () => {
    const handler = httpHandler({ logger: false, deadlineMargin: 20 }, async () => {
      await sleep(100); // ignores its signal
      throw new Error('late');
    });
    const answer = await invoke(handler, httpEvent('rest'), lambdaContext({ timeout: 40 }));
    expect(readAnswer('rest', answer).status).toBe(504);
    await sleep(120); // an unhandled rejection would fail the run
  });
});
