import { Logger } from '@aws-lambda-powertools/logger';
import { captureLogs, lambdaContext } from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';

import { createLogger } from '../observability/powertools.ts';
import { loggingOf } from './logging.ts';

describe('loggingOf', () => {
  it('with false logs nothing, whatever is called', async () => {
    const base = await loggingOf(false, 'shop')();
    const logger = base.bind(lambdaContext(), {});
    const { raw } = await captureLogs(() => {
      for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'critical'] as const)
        logger[level]('said', { a: 1 });
      logger.appendKeys({ a: 1 });
      logger.removeKeys(['a']);
      logger.child({ b: 1 }).error('said');
    });
    expect(raw).toEqual([]);
    expect(logger.isEnabled('ERROR')).toBe(false);
  });

  it('with false shares nothing that one invocation could change for another', async () => {
    const base = await loggingOf(false, undefined)();
    expect(Object.isFrozen(base)).toBe(true);
    expect(Object.isFrozen(base.bind({}, {}))).toBe(true);
  });

  it('takes a logger that knows how to be bound, at once', async () => {
    const base = loggingOf(createLogger({ service: 'mine' }), undefined)();
    expect(base).not.toBeInstanceOf(Promise);
    const { lines } = await captureLogs(async () => (await base).bind(lambdaContext(), {}).info('said'));
    expect(lines).toEqual([expect.objectContaining({ service: 'mine', message: 'said' })]);
  });

  it("takes the team's own Powertools Logger", async () => {
    const base = await loggingOf(new Logger({ serviceName: 'theirs' }), undefined)();
    const { lines } = await captureLogs(() => base.bind(lambdaContext(), {}).info('said'));
    expect(lines).toEqual([expect.objectContaining({ service: 'theirs', message: 'said' })]);
  });

  it('loads the default logger when asked to build, and gives it without a promise from then on', async () => {
    const logging = loggingOf(undefined, 'shop');
    const first = await logging();
    expect(logging()).toBe(first);
    const { lines } = await captureLogs(() => first.bind(lambdaContext(), {}).info('said'));
    expect(lines).toEqual([expect.objectContaining({ service: 'shop', message: 'said' })]);
  });

  it('leaves the name to the environment where none is given', async () => {
    const base = await loggingOf(undefined, undefined)();
    const { lines } = await captureLogs(() => base.bind(lambdaContext(), {}).info('said'));
    expect(lines).toEqual([expect.objectContaining({ service: expect.any(String) })]);
  });
});
