/** Faults of `@middy/core` that a user of our factories must not meet. Each test shows the bare package too, to tell when it is mended. */
import { setTimeout as sleep } from 'node:timers/promises';

import { captureLogs, httpEvent, invoke, lambdaContext, readAnswer, requestAs } from '@handlersmith/testing';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { httpHandler, httpRouter, type MiddlewareRequest, ok, route } from 'handlersmith/http';
import { describe, expect, it } from 'vitest';

const origin = 'https://app.example.com';
const request = requestAs('httpApi');
const context = lambdaContext();

describe('the builder is mutable and holds one handler', () => {
  it('bare: the second handler replaces the first', async () => {
    const base = middy();
    const first = base.handler(async () => 'first');
    base.handler(async () => 'second');
    expect(await first({}, context)).toBe('second');
  });

  it('ours: two handlers of one extended factory stay two', async () => {
    const factory = httpHandler.extend({ logger: false, use: [{ before: () => {} }] });
    const first = factory({}, () => 'first');
    const second = factory({}, () => 'second');
    const answers = await Promise.all([
      request(first, 'GET /'),
      request(second, 'GET /'),
      request(first, 'GET /'),
    ]);
    expect(answers.map((answer) => answer.json())).toEqual(['first', 'second', 'first']);
  });
});

describe('a value returned from a before skips every after and onError', () => {
  it('bare: the outer work is lost', async () => {
    const notes: string[] = [];
    const bare = middy(async () => 'handler')
      .use({ after: () => void notes.push('after') })
      .use({ before: () => 'early' as never });
    expect([await bare({}, context), notes]).toEqual(['early', []]);
  });

  it('ours: CORS, the log line and the clock stay', async () => {
    const use = [{ before: () => ok({ early: true }) }];
    const handler = httpHandler({ use, cors: { origins: [origin] } }, () => 'handler');
    const { result, lines } = await captureLogs(() => request(handler, 'GET /', { headers: { origin } }));
    expect([result.json(), result.header('access-control-allow-origin')]).toEqual([{ early: true }, origin]);
    expect(lines).toHaveLength(1);
  });

  it('ours: the signal reaches the handler inside the inner stack', async () => {
    const handler = httpHandler(
      { logger: false, deadlineMargin: 60, use: [{ before: () => {} }] },
      async ({ signal }) => {
        await sleep(5000, undefined, { signal }).catch(() => {});
        return signal.aborted;
      },
    );
    expect((await request(handler, 'GET /', { context: lambdaContext({ timeout: 120 }) })).json()).toBe(true);
  });
});

describe('an arrow that returns a value by accident ends the phase', () => {
  it('bare: so does it', async () => {
    const bare = middy(async () => 'handler').before(
      (seen) => ((seen.event as { x?: number }).x = 1) as never,
    );
    expect(await bare({}, context)).toBe(1);
  });

  it.each([
    ['a number', () => 1],
    ['a text', () => 'x'],
    ['an object', () => ({ body: 'x' })],
    ['null', () => null],
    ['a promise of a number', async () => 1],
    // oxlint-disable-next-line unicorn/no-thenable -- what the test is about
    ['a thenable', () => ({ then: (settle: (value: number) => void) => settle(1) })],
  ])('ours: %s ends nothing', async (_, before) => {
    const handler = httpHandler({ logger: false, use: [{ before, after: before }] }, () => 'handler');
    expect((await request(handler, 'GET /')).json()).toBe('handler');
  });
});

describe('the early timeout', () => {
  it('bare: answers with a bare error while the handler runs on', async () => {
    let finished = false;
    const bare = middy(async () => {
      await sleep(60);
      finished = true;
    });
    await expect(bare({}, lambdaContext({ timeout: 30 }))).rejects.toThrow(/aborted/);
    expect(finished).toBe(false);
    await sleep(80);
    expect(finished).toBe(true);
  });

  it('ours: a problem with CORS, and a signal that stops the work', async () => {
    let finished = false;
    const handler = httpHandler(
      { logger: false, deadlineMargin: 60, cors: { origins: [origin] } },
      async ({ signal }) => {
        await sleep(5000, undefined, { signal });
        finished = true;
      },
    );
    const options = { context: lambdaContext({ timeout: 120 }), headers: { origin } };
    const answer = await request(handler, 'GET /', options);
    expect([answer.status, answer.header('access-control-allow-origin'), finished]).toEqual([
      504,
      origin,
      false,
    ]);
  });

  it('ours: middlewares count too, not the handler alone', async () => {
    const use = [{ before: () => sleep(5000, undefined, { ref: false }) }];
    const handler = httpHandler({ logger: false, deadlineMargin: 20, use }, () => 'handler');
    expect((await request(handler, 'GET /', { context: lambdaContext({ timeout: 60 }) })).status).toBe(504);
  });
});

function fail(): never {
  throw new Error('first');
}

describe('when an onError throws, the remaining ones do not run', () => {
  const failing = {
    onError: (): void => {
      throw new Error('second');
    },
  };

  it('bare: the answer is lost', async () => {
    const bare = middy(fail)
      .onError((seen) => void (seen.response = 'mapped' as never))
      .use(failing);
    await expect(bare({}, context)).rejects.toThrow('second');
  });

  it('ours: the mapper stands outside and cannot throw', async () => {
    const handler = httpHandler({ logger: false, use: [failing], cors: { origins: [origin] } }, fail);
    const answer = await request(handler, 'GET /', { headers: { origin } });
    expect([answer.status, answer.header('access-control-allow-origin')]).toEqual([500, origin]);
    // Not even where the error cannot be looked at.
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const hostile = httpHandler({ logger: false }, () => Promise.reject(proxy as Error));
    expect((await request(hostile, 'GET /')).status).toBe(500);
  });
});

it('the context a middleware gets is a copy: nothing of one invocation is on the object of the next', async () => {
  const count = {
    before: ({ context: seen }: MiddlewareRequest<Context & { count?: number }>) => {
      seen.count = (seen.count ?? 0) + 1;
    },
  };
  const handler = httpRouter(
    { logger: false, use: [count] },
    { 'GET /': route(({ context: { count: n } }) => n) },
  );
  const event = httpEvent('rest', { path: '/' });
  const answers = [await invoke(handler, event, context), await invoke(handler, event, context)];
  expect(answers.map((answer) => readAnswer('rest', answer).json())).toEqual([1, 1]);
});
