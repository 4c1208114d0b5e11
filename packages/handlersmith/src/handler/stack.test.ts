import { runInNewContext } from 'node:vm';

import { frozen, httpEvent, lambdaContext } from '@handlersmith/testing';
import errorHandler from '@middy/http-error-handler';
import type { Context } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';

import type { Middleware } from './middleware.ts';
import { type Edge, type StackRequest, stackOf, type Travelling, withMiddlewares } from './stack.ts';

interface Work extends Travelling {
  readonly id: number;
}

const workOf = (id = 1, event: unknown = {}, context: Partial<Context> = lambdaContext()): Work => ({
  id,
  event,
  context,
});

/** What Middy hands to a team's middleware. */
interface TeamRequest {
  event: Record<string, unknown>;
  context: Record<string, unknown>;
  response: unknown;
  error: unknown;
}

class Answer {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
const isAnswer = (value: unknown): boolean => value instanceof Answer;
const echo: Edge<Work> = {
  after: () => {},
  onError: (request) => {
    request.response = { failed: request.error };
  },
};

describe('the outer stack', () => {
  it('gives what the work gives, now or later, through the edge', async () => {
    const edge: Edge<Work> = {
      ...echo,
      after: (request) => void (request.response = [request.event.id, request.response]),
    };
    expect(await stackOf(errorHandler({ logger: false }), edge, () => 'now')(workOf(1))).toEqual([1, 'now']);
    expect(await stackOf(errorHandler({ logger: false }), edge, async () => 'later')(workOf(2))).toEqual([
      2,
      'later',
    ]);
  });

  it.each([undefined, null, 'text', 7, Object.freeze(new Error('frozen'))])(
    'brings %o that was thrown to the edge',
    async (thrown) => {
      const now = stackOf<Work>(errorHandler({ logger: false }), echo, () => {
        throw thrown as Error; // JavaScript lets anything be thrown
      });
      const inTime = stackOf<Work>(errorHandler({ logger: false }), echo, () => Promise.reject(thrown));
      const [one, two] = (await Promise.all([now(workOf()), inTime(workOf())])) as { failed: unknown }[]; // what `echo` gives
      expect(one?.failed).toBe(thrown);
      expect(two?.failed).toBe(thrown);
    },
  );

  it('asks the edge before the net, which then finds nothing to do', async () => {
    const net = vi.fn<(request: StackRequest<Work>) => void>();
    const stack = stackOf<Work>({ onError: net }, echo, () => {
      throw new Error('no');
    });
    await stack(workOf());
    expect(net).toHaveBeenCalledTimes(1);
    expect(net.mock.calls[0]?.[0].response).toEqual({ failed: new Error('no') });
  });

  it('brings an error of the edge itself to the edge', async () => {
    const edge: Edge<Work> = {
      ...echo,
      after: () => {
        throw new Error('cannot be sent');
      },
    };
    expect(await stackOf(errorHandler({ logger: false }), edge, () => 1)(workOf())).toEqual({
      failed: new Error('cannot be sent'),
    });
  });

  it('is a Middy of its own each time: a shared one holds the handler it was given last', async () => {
    const one = stackOf<Work>(errorHandler({ logger: false }), echo, () => 'one');
    const other = stackOf<Work>(errorHandler({ logger: false }), echo, () => 'other');
    expect(await Promise.all([one(workOf()), other(workOf()), one(workOf())])).toEqual([
      'one',
      'other',
      'one',
    ]);
  });

  it("has Middy's early timeout off: work may go on to the last millisecond", async () => {
    const context = { getRemainingTimeInMillis: () => 1 };
    const stack = stackOf<Work>(errorHandler({ logger: false }), echo, async () => {
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
      return 'done';
    });
    expect(await stack(workOf(1, {}, context))).toBe('done');
    const inner = withMiddlewares<Work>([{ before: () => {} }], isAnswer, () =>
      stack(workOf(1, {}, context)),
    );
    expect(await inner(workOf(1, {}, context))).toBe('done');
  });
});

const run = (
  middlewares: readonly Middleware[],
  work: (work: Work) => unknown = () => 'worked',
  start: Work = workOf(),
): unknown => withMiddlewares<Work>(middlewares, isAnswer, work)(start);

const replace = (request: TeamRequest): void => {
  request.event = { replaced: true };
  request.context = { ...request.context, tenant: 'a' };
};

describe('middlewares', () => {
  it('none: the work is called as it is', () => {
    const work = vi.fn<() => string>();
    expect(withMiddlewares([], isAnswer, work)).toBe(work);
  });

  it('run in order, and back in reverse', async () => {
    const calls: string[] = [];
    const named = (name: string): Middleware => ({
      before: () => void calls.push(`${name} before`),
      after: () => void calls.push(`${name} after`),
    });
    await run([named('a'), named('b')], () => void calls.push('work'));
    expect(calls).toEqual(['a before', 'b before', 'work', 'b after', 'a after']);
  });

  it('are called as methods of their own object', async () => {
    const middleware = {
      seen: 0,
      before(): void {
        this.seen += 1;
      },
    };
    await run([middleware]);
    expect(middleware.seen).toBe(1);
  });

  it.each([
    ['a value', () => 7],
    ['what an arrow assigned', (request: TeamRequest) => (request.event['x'] = 1)],
    ['a promise of a value', async () => 'value'],
    ['a promise of another realm', () => runInNewContext('Promise.resolve("value")') as unknown],
    ['null', () => null],
  ])('go on when a hook returns %s by accident', async (_, hook) => {
    const work = vi.fn<() => string>(() => 'worked');
    const next = vi.fn<() => void>();
    expect(
      await run(
        [
          { before: hook, after: hook },
          { before: next, after: next },
        ],
        work,
      ),
    ).toBe('worked');
    expect(work).toHaveBeenCalledTimes(1);
    expect(next).toHaveBeenCalledTimes(2);
  });

  it('are awaited, promises of another realm too', async () => {
    const event: string[] = [];
    const slow = (): unknown =>
      runInNewContext('sleep(10).then(() => done())', { sleep, done: () => event.push('before') });
    await run([{ before: slow }], () => event.push('work'));
    expect(event).toEqual(['before', 'work']);
  });

  it.each([
    ['returns an answer', () => new Answer('early')],
    ['promises an answer', async () => new Answer('early')],
    [
      'promises one of another realm',
      () => runInNewContext('Promise.resolve(answer)', { answer: new Answer('early') }) as unknown,
    ],
  ])('end early when a before %s', async (_, before) => {
    const work = vi.fn<() => void>();
    expect(await run([{ before }, { before: work }], work)).toEqual(new Answer('early'));
    expect(work).not.toHaveBeenCalled();
  });

  it('end early inside the outer stack: its edge still sees the answer', async () => {
    const after = vi.fn<NonNullable<Edge<Work>['after']>>();
    const inner = withMiddlewares<Work>([{ before: () => new Answer('early') }], isAnswer, () => 'worked');
    const stack = stackOf(errorHandler({ logger: false }), { ...echo, after }, inner);
    expect(await stack(workOf())).toEqual(new Answer('early'));
    expect(after).toHaveBeenCalledTimes(1);
  });

  it('see an error, last one first, and may answer it', async () => {
    const calls: string[] = [];
    const outcome = await run(
      [
        { onError: () => void calls.push('a') },
        {
          onError: (request: TeamRequest) => {
            calls.push('b');
            request.response = new Answer(String(request.error));
          },
        },
        { onError: () => void calls.push('c') },
      ],
      () => Promise.reject(new Error('no')),
    );
    expect(calls).toEqual(['c', 'b', 'a']);
    expect(outcome).toEqual(new Answer('Error: no'));
  });

  it('that leave an error unanswered pass it on', async () => {
    const error = new Error('no');
    await expect(run([{ onError: () => {} }], () => Promise.reject(error))).rejects.toBe(error);
  });

  it('whose onError throws cannot keep the edge from answering', async () => {
    const rest = vi.fn<() => void>();
    const inner = withMiddlewares<Work>(
      [
        { onError: rest },
        {
          onError: () => {
            throw new Error('in onError');
          },
        },
      ],
      isAnswer,
      () => Promise.reject(new Error('no')),
    );
    const outcome = await stackOf(errorHandler({ logger: false }), echo, inner)(workOf());
    expect(outcome).toEqual({ failed: expect.objectContaining({ message: 'in onError' }) });
    expect(rest).not.toHaveBeenCalled();
  });

  it("A7 write what they like: the caller's event stays as it was, down to its last value", async () => {
    const event = frozen(
      httpEvent('rest', { path: '/items', query: 'a=1', authorizer: { lambda: { tenant: 'a' } } }),
    );
    const before = (request: { event: typeof event; context: { added?: string } }): void => {
      request.event.path = '/other';
      request.event.headers['x-added'] = '1';
      request.event.requestContext.authorizer = { tenant: 'b' };
      request.event.multiValueQueryStringParameters?.['a']?.push('2');
      request.context.added = 'yes';
    };
    const context = Object.freeze(lambdaContext());
    const seen = vi.fn<(work: Work) => void>();
    await run([{ before }], seen, workOf(1, event, context));
    expect(seen).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        event: expect.objectContaining({
          path: '/other',
          headers: expect.objectContaining({ 'x-added': '1' }),
        }),
        context: expect.objectContaining({ added: 'yes', awsRequestId: context.awsRequestId }),
      }),
    );
    expect(event.path).toBe('/items');
    expect(context).not.toHaveProperty('added');
  });

  it('A7 keep every name of the event, "__proto__" too', async () => {
    const event: unknown = JSON.parse('{"queryStringParameters":{"__proto__":"x","a":"1"},"body":null}');
    const seen = vi.fn<(work: Work) => void>();
    await run([{ before: () => {} }], seen, workOf(1, event));
    expect(JSON.stringify(seen.mock.calls[0]?.[0].event)).toBe(JSON.stringify(event));
  });

  it('may put an event and a context of their own in place', async () => {
    const seen = vi.fn<(work: Work) => void>();
    const context = lambdaContext();
    await run([{ before: replace }], seen, workOf(7, {}, context));
    expect(seen).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        id: 7,
        event: { replaced: true },
        context: expect.objectContaining({ tenant: 'a', functionName: context.functionName }),
      }),
    );
  });

  it('see a context whose members are its own: it can be logged and spread', async () => {
    const before = vi.fn<(request: TeamRequest) => void>();
    const context = lambdaContext();
    await run([{ before }], () => 1, workOf(1, {}, context));
    expect(Object.keys(before.mock.calls[0]?.[0].context ?? {})).toEqual(Object.keys(context));
    expect(JSON.stringify(before.mock.calls[0]?.[0].context)).toBe(JSON.stringify(context));
  });

  it('A4 see a context whose methods come from its class', async () => {
    class Timed {
      getRemainingTimeInMillis(): number {
        return 7;
      }
    }
    const seen = vi.fn<(left: unknown) => void>();
    await run(
      [{ before: (request: { context: Timed }) => seen(request.context.getRemainingTimeInMillis()) }],
      () => 1,
      workOf(1, {}, new Timed()),
    );
    expect(seen).toHaveBeenCalledWith(7);
  });

  it('A1 keep overlapping invocations apart', async () => {
    const stack = withMiddlewares<Work>(
      [
        {
          before: async (request: TeamRequest) => {
            await sleep(Number(request.event['wait']));
          },
        },
      ],
      isAnswer,
      async ({ id, event }) => {
        await sleep(1);
        return [id, event];
      },
    );
    const outcomes = await Promise.all(
      Array.from({ length: 64 }, (_, id) => stack(workOf(id, { wait: (id * 7) % 5 }))),
    );
    expect(outcomes).toEqual(Array.from({ length: 64 }, (_, id) => [id, { wait: (id * 7) % 5 }]));
  });
});

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
