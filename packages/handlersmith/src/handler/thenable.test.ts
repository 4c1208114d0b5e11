import { runInNewContext } from 'node:vm';

import { expect, it } from 'vitest';

import { andThen, isThenable } from './thenable.ts';

it.each([[undefined], [null], [7], ['then'], [{}], [JSON.parse('{"then":1}')], [() => {}]])(
  '%o is no promise',
  (value) => {
    expect(isThenable(value)).toBe(false);
  },
);

it('a promise is one, of another realm too', () => {
  expect(isThenable(Promise.resolve())).toBe(true);
  expect(isThenable(runInNewContext('Promise.resolve()'))).toBe(true);
});

const doubled = (value: number): number => value * 2;
const failing = (): never => {
  throw new Error('lost');
};

it('goes on at once with what is no promise, and later with what is one', async () => {
  expect(andThen(21, doubled)).toBe(42);
  for (const promise of [
    Promise.resolve(21),
    runInNewContext('Promise.resolve(21)') as PromiseLike<number>,
  ]) {
    const later = andThen(promise, doubled);
    expect(later).toBeInstanceOf(Promise);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await later).toBe(42);
  }
});

it('passes failures on, thrown or not', async () => {
  expect(() => andThen(1, failing)).toThrow('lost');
  await expect(andThen(Promise.resolve(1), failing)).rejects.toThrow('lost');
  await expect(andThen(Promise.reject(new Error('gone')), failing)).rejects.toThrow('gone');
});
