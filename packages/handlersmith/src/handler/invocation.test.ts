import { lambdaContext } from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';

import type { LoggerBase } from '../observability/logger.ts';
import { createLogger } from '../observability/powertools.ts';
import { Invocation } from './invocation.ts';

/** A base of loggers that remembers what it was asked to bind. */
function remembering(): { base: LoggerBase; bound: unknown[][] } {
  const bound: unknown[][] = [];
  const logger = createLogger().bind(undefined, {});
  return { base: { bind: (...given) => (bound.push(given), logger) }, bound };
}

describe('Invocation', () => {
  it('O1 binds its logger once, to the context that came and not to a copy a middleware made', () => {
    const { base, bound } = remembering();
    const context = lambdaContext();
    const invocation = new Invocation({ event: {}, context, logging: base, deadlineMargin: 200 });
    invocation.context = { ...context };
    expect(invocation.logger).toBe(invocation.logger);
    expect(bound).toEqual([[context, { correlation_id: context.awsRequestId }]]);
    expect(bound[0]?.[0]).toBe(context);
  });

  it('A4 is without a deadline where the context has no clock', () => {
    const invocation = new Invocation({
      event: {},
      context: {},
      logging: remembering().base,
      deadlineMargin: 200,
    });
    expect(invocation.remaining()).toBe(Infinity);
    expect(invocation.signal.aborted).toBe(false);
  });

  it('counts its cap from the start', async () => {
    const invocation = new Invocation({
      event: {},
      context: {},
      logging: remembering().base,
      deadlineMargin: 0,
      cap: 500,
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(invocation.remaining()).toBeLessThanOrEqual(480);
    expect(invocation.elapsed()).toBeGreaterThanOrEqual(20);
  });
});
