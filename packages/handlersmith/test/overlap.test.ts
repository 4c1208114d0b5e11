/**
 * Many invocations at once through one handler, as in environments that serve several requests side by side: they
 * share what is made once, and nothing else.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import {
  captureLogs,
  httpEvent,
  type HttpSource,
  httpSources,
  invoke,
  lambdaContext,
  readAnswer,
  type TestResponse,
} from '@handlersmith/testing';
import type { Context } from 'aws-lambda';
import { httpHandler, httpRouter, type MiddlewareRequest, notFound, ok, route } from 'handlersmith/http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const COUNT = 64;
const origins = Array.from({ length: COUNT }, (_, index) => `https://tenant-${index}.example.com`);

/** Waits at a point where others go on: now for a microtask, now for a turn, now for a timer. */
function step(number: number): Promise<unknown> {
  if (number % 3 === 0) return Promise.resolve();
  return number % 3 === 1 ? sleep(0) : sleep(number % 7);
}

let made = 0;
const tenant = {
  before: async ({ context, event }: MiddlewareRequest<Context & { tenant: string }>) => {
    const { body } = event as { body: string }; // the requests below have one
    const { number } = JSON.parse(body) as { number: number };
    await step(number);
    context.tenant = `tenant-${number}`;
    await step(number + 1);
  },
};

const handler = httpRouter(
  {
    service: 'overlap',
    deadlineMargin: 20,
    cors: { origins, credentials: true },
    resources: async () => {
      await sleep(2);
      made += 1;
      return { made };
    },
    use: [tenant],
  },
  {
    'POST /items/{id}': route(
      { body: z.object({ number: z.number(), how: z.string() }), query: z.object({ n: z.number() }) },
      async ({
        body,
        query,
        path,
        cookies,
        context,
        logger,
        signal,
        resources,
        headers,
        requestId,
        rawBody,
      }) => {
        const { number, how } = body;
        logger.appendKeys({ mine: number });
        await step(number);
        if (how === 'fail') throw new Error(`failed-${number}`);
        if (how === 'refuse') return notFound(`refused-${number}`);
        logger.info('halfway', { seen: number });
        await step(number + 1);
        if (how === 'slow') await sleep(10_000, undefined, { signal });
        await step(number + 2);
        const seen = [
          query.n,
          Number(path.id),
          Number(cookies['number']),
          Number(headers['x-number']),
          Number(context.tenant.slice(7)),
          Number(context.awsRequestId.slice(7)),
          Number(requestId?.slice(7)),
          JSON.parse(Buffer.from(rawBody).toString()).number as number, // what was sent below
        ];
        return ok(
          { number, seen, aborted: signal.aborted, made: resources.made },
          { headers: { 'x-number': String(number) }, cookies: [`number=${number}`] },
        );
      },
    ),
  },
);

const hows = ['well', 'well', 'fail', 'refuse', 'well', 'bad', 'slow'] as const;
const howOf = (number: number): (typeof hows)[number] => hows[number % hows.length] ?? 'well';

function eventOf(source: HttpSource, number: number): unknown {
  const how = howOf(number);
  return httpEvent(source, {
    method: 'POST',
    path: `/items/${number}`,
    query: `n=${number}`,
    headers: {
      origin: origins[number] ?? '',
      'x-number': String(number),
      'x-correlation-id': `correlation-${number}`,
    },
    cookies: { number: String(number) },
    body: how === 'bad' ? { number, how: 7 } : { number, how },
    requestId: `request${number}`,
  });
}

async function ask(source: HttpSource, number: number): Promise<TestResponse> {
  const timeout = howOf(number) === 'slow' ? 400 : 60_000;
  const context = lambdaContext({ awsRequestId: `request${number}`, timeout });
  return readAnswer(source, await invoke(handler, eventOf(source, number), context));
}

const expectations: Readonly<
  Record<(typeof hows)[number], (number: number) => [status: number, body: object]>
> = {
  fail: () => [500, { title: 'Internal Server Error' }],
  refuse: (number) => [404, { detail: `refused-${number}` }],
  bad: () => [400, { errors: [{ in: 'body', pointer: '/how' }] }],
  slow: () => [504, { title: 'Gateway Timeout' }],
  well: (number) => [200, { number, seen: Array.from({ length: 8 }, () => number), aborted: false, made: 1 }],
};

describe.each(httpSources)('%s', (source) => {
  it(`A1 ${COUNT} requests at once share nothing but what is made once`, async () => {
    const numbers = Array.from({ length: COUNT }, (_, number) => number);
    const { result, lines } = await captureLogs(() =>
      Promise.all(numbers.map((number) => ask(source, number))),
    );

    for (const [number, response] of result.entries()) {
      const [status, body] = expectations[howOf(number)](number);
      expect([number, response.status]).toEqual([number, status]);
      expect(response.json()).toMatchObject(body);
      expect(response.header('access-control-allow-origin')).toBe(origins[number]);
      expect(response.header('x-number')).toBe(status === 200 ? String(number) : undefined);
      expect(response.cookies).toEqual(status === 200 ? [`number=${number}`] : []);
      expect(response.json()).toMatchObject(status === 200 ? {} : { requestId: `request${number}` });
    }
    expect(made).toBe(1); // once for all sources

    for (const line of lines) {
      const number = Number(String(line['correlation_id']).slice('correlation-'.length));
      expect(line['function_request_id']).toBe(`request${number}`);
      expect([undefined, number]).toContain(line['mine']);
      expect([undefined, number]).toContain(line['seen']);
      const { error } = line as { error?: { message?: string } };
      expect(howOf(number) !== 'fail' || error?.message === `failed-${number}`).toBe(true);
    }
    const access = lines.filter((line) => 'http_status' in line);
    expect(access).toHaveLength(COUNT);
    expect(new Set(access.map((line) => line['correlation_id'])).size).toBe(COUNT);
    // Those that were refused never came to name themselves; all that were served did.
    const served = lines.filter((line) => line['http_status'] === 200);
    expect(served.every((line) => line['mine'] !== undefined)).toBe(true);
    const halfway = new Set(lines.filter((line) => 'seen' in line).map((line) => line['seen']));
    expect(numbers.filter((number) => howOf(number) === 'well' && !halfway.has(number))).toEqual([]);
  });

  it('A1 one that runs out of time aborts its own signal only', async () => {
    const aborted: number[] = [];
    const both = httpHandler({ logger: false, deadlineMargin: 20 }, async ({ query, signal }) => {
      signal.addEventListener('abort', () => aborted.push(Number(query['n'])));
      await sleep(query['n'] === '0' ? 5000 : 120, undefined, { signal });
      return query['n'];
    });
    const send = (number: number, timeout: number): Promise<unknown> =>
      invoke(both, httpEvent(source, { query: `n=${number}` }), lambdaContext({ timeout }));
    const answers = await Promise.all([send(0, 60), send(1, 60_000), send(2, 60_000)]);
    expect(answers.map((answer) => readAnswer(source, answer).status)).toEqual([504, 200, 200]);
    expect(aborted).toEqual([0]);
  });

  it('A3 nothing of an invocation goes on after its answer, but what ignores its signal', async () => {
    const going = new Set<string>();
    const work = async (name: string, options: { signal?: AbortSignal }): Promise<void> => {
      going.add(name);
      try {
        await sleep(400, undefined, options);
      } finally {
        going.delete(name);
      }
    };
    const worker = httpHandler({ logger: false, deadlineMargin: 80 }, async ({ signal, query }) => {
      await Promise.all([
        work(`${String(query['n'])}-listens`, { signal }),
        work(`${String(query['n'])}-deaf`, {}),
      ]);
    });
    const answers = await Promise.all(
      [1, 2, 3].map((number) =>
        invoke(worker, httpEvent(source, { query: `n=${number}` }), lambdaContext({ timeout: 160 })),
      ),
    );
    expect(answers.map((answer) => readAnswer(source, answer).status)).toEqual([504, 504, 504]);
    expect([...going].every((name) => name.endsWith('-deaf'))).toBe(true);
    await sleep(450);
    expect(going.size).toBe(0);
  });

  it('A5 the lines of those that ran out of time are out before their answers', async () => {
    const slow = httpHandler({ deadlineMargin: 20 }, () => new Promise(() => {}));
    const order: string[] = [];
    const { lines } = await captureLogs(async () => {
      // oxlint-disable-next-line typescript/unbound-method -- put back by captureLogs, called on its stream below
      const { write } = process.stdout;
      process.stdout.write = ((...all: Parameters<typeof write>) => {
        order.push('line');
        return Reflect.apply<NodeJS.WriteStream, typeof all, boolean>(write, process.stdout, all);
      }) as typeof write;
      await Promise.all(
        Array.from({ length: 4 }, async () => {
          await invoke(slow, httpEvent(source), lambdaContext({ timeout: 50 }));
          order.push('answer');
        }),
      );
    });
    expect(lines).toHaveLength(4);
    expect(order.indexOf('answer')).toBeGreaterThan(0);
  });
});
