import { describe, expectTypeOf, it } from 'vitest';

import { idempotent, type IdempotentOptions, memoryStore } from './index.ts';

const store = memoryStore();

describe('idempotent', () => {
  it('takes what the function takes, and gives the JSON of what it returns', () => {
    class Receipt {
      at = new Date(0);
      tags = new Set(['a']);
      print(): void {}
    }
    const charge = idempotent(
      async (order: { id: string; total: number }, _currency: 'EUR' | 'USD') => ({
        order,
        at: new Date(0),
        lines: [new Date(0), 1] as const,
        receipt: new Receipt(),
        note: undefined as string | undefined,
      }),
      {
        store,
        operation: 'charge',
        key: (order, currency) => {
          expectTypeOf(order).toEqualTypeOf<{ id: string; total: number }>();
          expectTypeOf(currency).toEqualTypeOf<'EUR' | 'USD'>();
          return [order.id, currency];
        },
        payload: (order) => order.total,
      },
    );
    expectTypeOf(charge).parameters.toEqualTypeOf<[{ id: string; total: number }, 'EUR' | 'USD']>();
    expectTypeOf(charge)
      .returns.resolves.toHaveProperty('order')
      .toEqualTypeOf<{ id: string; total: number }>();
    expectTypeOf(charge).returns.resolves.toHaveProperty('at').toEqualTypeOf<string>();
    expectTypeOf(charge).returns.resolves.toHaveProperty('lines').toEqualTypeOf<readonly [string, 1]>();
    expectTypeOf(charge).returns.resolves.toHaveProperty('note').toEqualTypeOf<string | undefined>();
    expectTypeOf(charge)
      .returns.resolves.toHaveProperty('receipt')
      .toHaveProperty('at')
      .toEqualTypeOf<string>();
    expectTypeOf(charge).returns.resolves.toHaveProperty('receipt').not.toHaveProperty('print');
  });

  it('leaves alone what it knows nothing of, and what is JSON already', () => {
    const options = { store, operation: 'o', key: (): string => 'k' };
    expectTypeOf(idempotent((): unknown => 1, options)).returns.resolves.toBeUnknown();
    expectTypeOf(idempotent((): void => {}, options)).returns.resolves.toEqualTypeOf<void>();
    expectTypeOf(idempotent((): string | null => 'a', options)).returns.resolves.toEqualTypeOf<
      string | null
    >();
  });

  it('refuses a whole record for a key, and options without store, operation or key', () => {
    type Options = IdempotentOptions<[order: { id: string }]>;
    expectTypeOf<{ id: string }>().not.toExtend<ReturnType<Options['key']>>();
    expectTypeOf<string | undefined>().toExtend<ReturnType<Options['key']>>();
    expectTypeOf<Omit<Options, 'key'>>().not.toExtend<Options>();
    expectTypeOf<Omit<Options, 'operation'>>().not.toExtend<Options>();
    expectTypeOf<Omit<Options, 'store'>>().not.toExtend<Options>();
    expectTypeOf<Pick<Options, 'key' | 'operation' | 'store'>>().toExtend<Options>();
  });
});
