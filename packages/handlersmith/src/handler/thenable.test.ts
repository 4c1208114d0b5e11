import { runInNewContext } from 'node:vm';

import { expect, it } from 'vitest';

import { isThenable } from './thenable.ts';

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
