import { AsyncLocalStorage } from 'node:async_hooks';

import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Context, ContextManager } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { InvocationInfo } from '../observability/tracer.ts';
import { openTelemetryTracer } from './opentelemetry.ts';
import { fromW3c } from './parent.ts';

const TRACE = '5759e988bd862e3fe1be46a994272793';
const PARENT = '53995c3f42cd8ad8';
const XRAY = `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=${PARENT};Sampled=1`;
const W3C = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const tracer = openTelemetryTracer({ tracer: provider.getTracer('test') });
const info = (more: Partial<InvocationInfo> = {}): InvocationInfo => ({
  name: 'shop',
  context: {},
  coldStart: false,
  trigger: 'http',
  ...more,
});

const spans = (): ReadableSpan[] => exporter.getFinishedSpans();
function named(name: string): ReadableSpan {
  const found = spans().filter((span) => span.name === name);
  expect(found).toHaveLength(1);
  return found[0] as ReadableSpan;
}

beforeEach(() => {
  exporter.reset();
  vi.stubEnv('_X_AMZN_TRACE_ID', '');
});

afterEach(() => {
  vi.unstubAllEnvs();
  context.disable();
  propagation.disable();
  trace.disable();
});

const digits = fc.constantFrom(...'0123456789abcdefx'.split(''));
const field = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: digits, minLength: length, maxLength: length });

describe('O4 an invocation is a server span', () => {
  test('with the attributes of a function', async () => {
    const lambda = {
      awsRequestId: 'r-1',
      functionName: 'shop-items',
      functionVersion: '7',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:shop-items',
      memoryLimitInMB: '512',
    };
    const answer = await tracer.invocation(
      info({ context: lambda, coldStart: true, correlationId: 'c-1' }),
      async (t) => {
        t.annotate('order', 'o-1');
        t.metadata('cart', { items: 2, token: 's3cret' });
        t.metadata('plain', 3);
        return t.traceId;
      },
    );
    const span = named('shop');
    expect(span.kind).toBe(SpanKind.SERVER);
    expect(span.ended).toBe(true);
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(answer).toBe(span.spanContext().traceId);
    expect(span.attributes).toMatchObject({
      'faas.coldstart': true,
      'faas.trigger': 'http',
      'faas.invocation_id': 'r-1',
      'faas.name': 'shop-items',
      'faas.version': '7',
      'faas.max_memory': 512 * 1024 * 1024,
      'aws.lambda.invoked_arn': lambda.invokedFunctionArn,
      'cloud.account.id': '123456789012',
      correlation_id: 'c-1',
      order: 'o-1',
      cart: '{"items":2,"token":"[redacted]"}',
      plain: 3,
    });
  });

  test.each([
    ['http', 'http'],
    ['sqs', 'pubsub'],
    ['s3', 'datasource'],
    ['stream', 'datasource'],
    ['cron', 'timer'],
    ['new', 'other'],
  ])('the trigger %s is %s', async (trigger, expected) => {
    await tracer.invocation(info({ trigger, context: undefined }), async () => {});
    expect(named('shop').attributes['faas.trigger']).toBe(expected);
  });

  test('it continues the X-Ray trace of the invocation', async () => {
    vi.stubEnv('_X_AMZN_TRACE_ID', XRAY);
    await tracer.invocation(info(), async () => {});
    expect(named('shop').spanContext().traceId).toBe(TRACE);
    expect(named('shop').parentSpanContext).toMatchObject({ spanId: PARENT, isRemote: true });
  });

  test('the caller’s traceparent goes first, the X-Ray trace is linked', async () => {
    vi.stubEnv('_X_AMZN_TRACE_ID', XRAY);
    await tracer.invocation(info({ traceparent: W3C, tracestate: 'vendor=1' }), async () => {});
    const span = named('shop');
    expect(span.spanContext().traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(span.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
    expect(span.spanContext().traceState?.get('vendor')).toBe('1');
    expect(span.links.map((link) => link.context.traceId)).toEqual([TRACE]);
  });

  test.each([
    '',
    'nonsense',
    W3C.replace('00-', 'ff-'),
    W3C.toUpperCase(),
    `${W3C}-more`,
    W3C.replace(/4bf\w+/, '0'.repeat(32)),
    W3C.replace('00f067aa0ba902b7', '0'.repeat(16)),
  ])('a traceparent that is none starts a trace of its own: %j', async (traceparent) => {
    await tracer.invocation(info({ traceparent }), async () => {});
    expect(named('shop').parentSpanContext).toBeUndefined();
  });

  test('what the caller leaves unsampled is not recorded', async () => {
    const id = await tracer.invocation(
      info({ traceparent: W3C.replace(/01$/, '00') }),
      async (t) => t.traceId,
    );
    expect(spans()).toEqual([]);
    expect(id).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  });

  test('any text as traceparent is read or refused', () => {
    const alike = fc.tuple(field(2), field(32), field(16), field(2)).map((parts) => parts.join('-'));
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), alike),
        fc.option(fc.string(), { nil: undefined }),
        (header, state) => {
          const parent = fromW3c(header, state);
          expect(parent === undefined || header.includes(parent.traceId)).toBe(true);
        },
      ),
    );
    expect(fromW3c('01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later', undefined)).toMatchObject(
      { spanId: '00f067aa0ba902b7' },
    );
  });
});

describe('O4 spans', () => {
  test('hang below the invocation, end with their work, keep errors and throw them on', async () => {
    const bad = new TypeError('bad');
    const seen: unknown[] = [];
    const caught = await tracer
      .invocation(info(), async (t) => {
        seen.push(t.span('sync', () => 1));
        const later = t.span('async', async (span) => {
          span.annotate('n', 1);
          await Promise.resolve();
          return 2;
        });
        seen.push(await later);
        try {
          t.span('throws', () => {
            throw bad;
          });
        } catch (error) {
          seen.push(error);
        }
        await t.span('rejects', () => Promise.reject(bad));
      })
      .catch((error: unknown) => error);
    expect(caught).toBe(bad);
    expect(seen).toEqual([1, 2, bad]);
    const main = named('shop');
    for (const name of ['sync', 'async', 'throws', 'rejects'])
      expect(named(name).parentSpanContext?.spanId).toBe(main.spanContext().spanId);
    expect(named('async').attributes).toEqual({ n: 1 });
    for (const span of [named('throws'), named('rejects'), main]) {
      expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'bad' });
      expect(span.events[0]?.attributes).toMatchObject({
        'exception.type': 'TypeError',
        'exception.message': 'bad',
      });
    }
  });

  test.each([['a text'], [undefined], [null], [42], [Object.freeze(new Error('frozen'))]])(
    'whatever is thrown: %j',
    async (thrown) => {
      const caught = await tracer
        .invocation(info(), async (t) => {
          t.span('x', () => {
            // oxlint-disable-next-line only-throw-error -- handlers do
            throw thrown;
          });
        })
        .catch((error: unknown) => [error]);
      expect(caught).toEqual([thrown]);
      expect(named('shop').status.code).toBe(SpanStatusCode.ERROR);
    },
  );

  test('nest where the application has a context manager, and 32 invocations at once stay apart', async () => {
    context.setGlobalContextManager(new AsyncContexts());
    await Promise.all(
      Array.from({ length: 32 }, (_, index) =>
        tracer.invocation(info({ name: `i${index}` }), (t) =>
          t.span(`outer${index}`, async () => {
            await new Promise((resolve) => setTimeout(resolve, (index * 7) % 5));
            t.span(`inner${index}`, () => 1);
          }),
        ),
      ),
    );
    expect(new Set(spans().map((span) => span.spanContext().traceId)).size).toBe(32);
    for (let index = 0; index < 32; index++) {
      expect(named(`inner${index}`).parentSpanContext?.spanId).toBe(
        named(`outer${index}`).spanContext().spanId,
      );
      expect(named(`outer${index}`).parentSpanContext?.spanId).toBe(named(`i${index}`).spanContext().spanId);
    }
  });

  test('an instrumentation round the handler is the parent', async () => {
    context.setGlobalContextManager(new AsyncContexts());
    const around = provider.getTracer('layer').startSpan('around');
    await context.with(trace.setSpan(ROOT_CONTEXT, around), () =>
      tracer.invocation(info({ traceparent: W3C }), async () => {}),
    );
    expect(named('shop').parentSpanContext?.spanId).toBe(around.spanContext().spanId);
  });

  test('values no span can hold do not reach the handler', async () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    await tracer.invocation(info(), async (t) => {
      for (const value of [cycle, 1n, Symbol('s'), undefined, Number.NaN, 'x'.repeat(1_000_000)]) {
        t.metadata('m', value);
        t.annotate('a', value as never); // plain JavaScript passes anything
      }
      t.annotate('password', 's3cret');
    });
    expect(JSON.stringify(named('shop').attributes).length).toBeLessThan(40_000);
    expect(named('shop').attributes['password']).toBe('[redacted]');
  });
});

describe('O4 what OpenTelemetry does wrong does not reach the handler', () => {
  test('without a provider nothing is recorded, and the work runs', async () => {
    expect(
      await openTelemetryTracer().invocation(info(), (t) => t.span('x', async () => t.traceId ?? 'none')),
    ).toBe('none');
  });

  test('a provider registered later is found', async () => {
    const late = openTelemetryTracer();
    trace.setGlobalTracerProvider(provider);
    await late.invocation(info(), async () => {});
    expect(named('shop').ended).toBe(true);
  });

  test.each(['onStart', 'onEnd'] as const)('a processor that throws in %s', async (method) => {
    const broken: SpanProcessor = {
      onStart() {},
      onEnd() {},
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    };
    broken[method] = () => {
      throw new Error('processor');
    };
    const throwing = new BasicTracerProvider({ spanProcessors: [broken] }).getTracer('broken');
    const answer = await openTelemetryTracer({ tracer: throwing }).invocation(info(), async (t) =>
      t.span('x', () => 7),
    );
    expect(answer).toBe(7);
  });

  test('a processor that throws in the middle', async () => {
    let started = 0;
    const failing: SpanProcessor = {
      onStart() {
        started += 1;
        if (started === 2) throw new Error('processor');
      },
      onEnd() {},
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    };
    const throwing = new BasicTracerProvider({ spanProcessors: [failing] }).getTracer('failing');
    const answer = await openTelemetryTracer({ tracer: throwing }).invocation(info(), async (t) =>
      t.span('x', () => 7),
    );
    expect([answer, started]).toEqual([7, 2]);
  });
});

describe('A5 the flush', () => {
  test('is over before the answer, on failure too', async () => {
    let flushed = 0;
    const flush = async (): Promise<void> => {
      expect(named('shop').ended).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 5));
      flushed += 1;
    };
    const flushing = openTelemetryTracer({ tracer: provider.getTracer('test'), flush });
    await flushing.invocation(info(), async () => {});
    expect(flushed).toBe(1);
    exporter.reset();
    await expect(flushing.invocation(info(), () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(flushed).toBe(2);
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('no collector'))],
    [
      'throws',
      () => {
        throw new Error('no collector');
      },
    ],
    ['never ends', () => new Promise<void>(() => {})],
  ])('that %s costs the trace, not the answer', async (_name, flush) => {
    const flushing = openTelemetryTracer({ tracer: provider.getTracer('test'), flush, flushTimeout: 20 });
    expect(await flushing.invocation(info(), async () => 'answer')).toBe('answer');
  });

  test('a limit that is none is refused when the tracer is made', () => {
    for (const flushTimeout of [-1, Number.NaN, 'soon' as never])
      expect(() => openTelemetryTracer({ flushTimeout })).toThrow(/"flushTimeout"/);
  });
});

/** The context manager an application registers, in short. */
class AsyncContexts implements ContextManager {
  readonly #store = new AsyncLocalStorage<Context>();
  active(): Context {
    return this.#store.getStore() ?? ROOT_CONTEXT;
  }
  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    within: Context,
    run: F,
    receiver?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#store.run(within, () => run.call(receiver, ...args));
  }
  bind<T>(_context: Context, target: T): T {
    return target;
  }
  enable(): this {
    return this;
  }
  disable(): this {
    this.#store.disable();
    return this;
  }
}
