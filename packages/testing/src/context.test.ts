import { describe, expect, it } from 'vitest';

import { manualClock, systemClock } from './clock.ts';
import { lambdaContext } from './context.ts';

describe('lambdaContext', () => {
  it('A4 counts down on the clock it is given, never below nothing', () => {
    const clock = manualClock(500);
    const context = lambdaContext({ timeout: 1000, clock });
    expect(context.getRemainingTimeInMillis()).toBe(1000);
    clock.advance(900);
    expect(context.getRemainingTimeInMillis()).toBe(100);
    clock.advance(900);
    expect(context.getRemainingTimeInMillis()).toBe(0);
  });

  it('A4 gives the remaining time unbound', () => {
    const context = lambdaContext({ timeout: 1000, clock: manualClock() });
    const unbound: () => unknown = Reflect.get(context, 'getRemainingTimeInMillis');
    expect(unbound()).toBe(1000);
  });

  it('counts whole milliseconds from the call on the system clock', () => {
    const left = lambdaContext().getRemainingTimeInMillis();
    expect(Number.isInteger(left)).toBe(true);
    expect(left).toBeGreaterThan(2000);
    expect(left).toBeLessThanOrEqual(3000);
  });

  it('is another invocation each time', () => {
    const ids = new Set(Array.from({ length: 100 }, () => lambdaContext().awsRequestId));
    expect(ids.size).toBe(100);
  });

  it('follows the name, version, memory and request id it is given', () => {
    const context = lambdaContext({
      functionName: 'orders',
      functionVersion: '7',
      memoryLimitInMB: '512',
      awsRequestId: 'c0ffee',
    });
    expect(context).toMatchObject({
      functionName: 'orders',
      functionVersion: '7',
      memoryLimitInMB: '512',
      awsRequestId: 'c0ffee',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:orders',
      logGroupName: '/aws/lambda/orders',
      callbackWaitsForEmptyEventLoop: true,
    });
    expect(context.logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[7\][\da-f]{32}$/);
  });

  it.each(['done', 'fail', 'succeed'])('A8 refuses the callback member %s by name', (member) => {
    const call: () => unknown = Reflect.get(lambdaContext(), member);
    expect(call).toThrow(`context.${member}()`);
  });
});

describe('clocks', () => {
  it.each([-1, Number.NaN])('refuse to go back: %s', (milliseconds) => {
    expect(() => manualClock().advance(milliseconds)).toThrow(RangeError);
  });

  it('of the system never go back', () => {
    const first = systemClock.now();
    expect(systemClock.now()).toBeGreaterThanOrEqual(first);
  });
});
