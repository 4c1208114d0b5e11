import { setTimeout as wait } from 'node:timers/promises';

import { describe, expect, it, vi } from 'vitest';

import {
  IdempotencyInProgress,
  IdempotencyKeyMissing,
  IdempotencyMismatch,
  IdempotencyResultUnavailable,
  IdempotencyStoreFailed,
} from './errors.ts';
import { idempotent, type IdempotentOptions } from './idempotent.ts';
import { memoryStore } from './memory.ts';
import { customStore, type FencedStore, type IdempotencyStore } from './store.ts';

interface Order {
  id: string;
  total: number;
}

const order: Order = { id: 'o-1', total: 10 };

function optionsWith(more: Partial<IdempotentOptions<[Order]>> = {}): IdempotentOptions<[Order]> {
  return { store: memoryStore(), operation: 'pay', key: ({ id }: Order) => id, ...more };
}

/** A working store, one part of which does something else. */
function faulty(fault: Partial<FencedStore>): IdempotencyStore {
  return customStore({ ...memoryStore(), ...fault });
}

/** Work that need not look at its order. */
function paying(
  work: (given: Order) => unknown,
  options: IdempotentOptions<[Order]>,
): (given: Order) => Promise<unknown> {
  return idempotent(work, options);
}

const wrong = (more: Record<string, unknown>): unknown => ({ ...optionsWith(), ...more });

describe('idempotent', () => {
  it('O5 runs once, and gives later callers what the first one got', async () => {
    const work = vi.fn<(given: Order) => Promise<object>>(async ({ total }) => ({
      paid: total,
      at: new Date(0),
    }));
    const pay = paying(work, optionsWith());
    const first = await pay(order);
    expect(first).toEqual({ paid: 10, at: '1970-01-01T00:00:00.000Z' });
    expect(await pay(order)).toEqual(first);
    expect(work).toHaveBeenCalledExactlyOnceWith(order);
  });

  it('O5 runs other keys, and the same key of another operation', async () => {
    const store = memoryStore();
    const pay = paying(({ id }: Order) => `paid ${id}`, optionsWith({ store }));
    const refund = paying(({ id }: Order) => `refunded ${id}`, optionsWith({ store, operation: 'refund' }));
    expect(await pay(order)).toBe('paid o-1');
    expect(await refund(order)).toBe('refunded o-1');
    expect(await pay({ ...order, id: 'o-2' })).toBe('paid o-2');
    expect(await pay(order)).toBe('paid o-1');
  });

  it('O5 runs once when three ask at once: the others are told to come back, and then get the result', async () => {
    const work = vi.fn<() => Promise<string>>(async () => {
      await wait(20);
      return 'paid';
    });
    const pay = paying(work, optionsWith());
    const outcomes = await Promise.allSettled([pay(order), pay(order), pay(order)]);
    expect(outcomes).toEqual([
      { status: 'fulfilled', value: 'paid' },
      { status: 'rejected', reason: expect.any(IdempotencyInProgress) as unknown },
      { status: 'rejected', reason: expect.any(IdempotencyInProgress) as unknown },
    ]);
    expect(await pay(order)).toBe('paid');
    expect(work).toHaveBeenCalledOnce();
  });

  it('O5 works the key out once, before the work changes its input', async () => {
    const key = vi.fn<(given: Order) => string>(({ id }) => id);
    const pay = paying(
      (given: Order) => {
        given.id = 'changed';
        given.total = 0;
        return 'paid';
      },
      optionsWith({ key, payload: ({ total }) => total }),
    );
    await pay({ ...order });
    expect(key).toHaveBeenCalledOnce();
    expect(await pay({ ...order })).toBe('paid');
    await expect(pay({ id: 'changed', total: 1 })).resolves.toBe('paid');
  });

  it('O5 refuses the same key with another payload, and runs nothing', async () => {
    const work = vi.fn<() => string>(() => 'paid');
    const pay = paying(work, optionsWith({ payload: ({ total }) => ({ total }) }));
    await pay(order);
    await expect(pay({ ...order, total: 11 })).rejects.toThrow(IdempotencyMismatch);
    expect(await pay(order)).toBe('paid');
    expect(work).toHaveBeenCalledOnce();
  });

  it('O5 refuses another payload also while the first is under way', async () => {
    const pay = paying(() => wait(20, 'paid'), optionsWith({ payload: ({ total }) => total }));
    const first = pay(order);
    await expect(pay({ ...order, total: 11 })).rejects.toThrow(IdempotencyMismatch);
    expect(await first).toBe('paid');
  });

  it('O5 refuses to run without a key', async () => {
    const work = vi.fn<() => string>(() => 'paid');
    const pay = paying(work, optionsWith({ key: () => undefined }));
    await expect(pay(order)).rejects.toThrow(IdempotencyKeyMissing);
    expect(work).not.toHaveBeenCalled();
  });

  it('O5 runs without a key where none is required, each time, and unrelated calls share nothing', async () => {
    const pay = paying(
      ({ total }: Order) => ({ total, at: new Date(0) }),
      optionsWith({ key: () => undefined, required: false }),
    );
    expect(await pay(order)).toEqual({ total: 10, at: '1970-01-01T00:00:00.000Z' });
    expect(await pay({ ...order, total: 11 })).toMatchObject({ total: 11 });
  });

  it('O5 replays work that returns nothing', async () => {
    const work = vi.fn<() => void>();
    const pay = paying(work, optionsWith());
    expect(await pay(order)).toBeUndefined();
    expect(await pay(order)).toBeUndefined();
    expect(work).toHaveBeenCalledOnce();
  });

  it.each([null, 0, '', false, 'text', [1, null], 1.7976931348623157e308, -0.1])(
    'O6 replays %j as it is',
    async (value) => {
      const pay = paying(() => value, optionsWith());
      expect(await pay(order)).toEqual(value);
      expect(await pay(order)).toEqual(value);
    },
  );

  it('O6 gives the first caller what a replay gives, class instances included', async () => {
    class Receipt {
      readonly #secret = 'kept';
      readonly number = 7;
      secret(): string {
        return this.#secret;
      }
    }
    const pay = paying(() => new Receipt(), optionsWith());
    const first = await pay(order);
    expect(first).not.toBeInstanceOf(Receipt);
    expect(await pay(order)).toEqual(first);
    expect(first).toEqual({ number: 7 });
  });

  it.each([
    ['too large', (): unknown => 'x'.repeat(500_000), 'RangeError'],
    ['many bytes in few characters', (): unknown => '€'.repeat(150_000), 'RangeError'],
    ['no JSON', (): unknown => ({ big: 1n }), 'TypeError'],
  ])(
    'O6 makes no failure of done work whose result is %s, and never runs it again',
    async (_, make, fault) => {
      const warn = vi.fn<(message: string, fields: object) => void>();
      const work = vi.fn<() => unknown>(make);
      const pay = paying(work, optionsWith({ warn }));
      expect(await pay(order)).toEqual(make());
      expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('will not be replayed'), {
        operation: 'pay',
        error: expect.objectContaining({ name: fault }) as unknown,
      });
      await expect(pay(order)).rejects.toThrow(IdempotencyResultUnavailable);
      expect(work).toHaveBeenCalledOnce();
    },
  );

  it.each([new Error('no funds'), undefined])('O5 frees the key when the work throws %s', async (reason) => {
    const work = vi.fn<() => Promise<string>>().mockRejectedValueOnce(reason).mockResolvedValueOnce('paid');
    const pay = paying(work, optionsWith());
    await expect(pay(order)).rejects.toBe(reason);
    expect(await pay(order)).toBe('paid');
    expect(await pay(order)).toBe('paid');
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('O5 runs nothing when the store cannot be asked', async () => {
    const cause = new Error('connect ECONNREFUSED');
    const work = vi.fn<() => string>(() => 'paid');
    const pay = paying(work, optionsWith({ store: faulty({ claim: () => Promise.reject(cause) }) }));
    const error: unknown = await pay(order).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(IdempotencyStoreFailed);
    expect(error).toMatchObject({ cause, message: expect.stringContaining('Nothing was run') as unknown });
    expect(work).not.toHaveBeenCalled();
  });

  it('O6 makes no failure of done work when the store cannot be told, and says so', async () => {
    const warn = vi.fn<(message: string, fields: object) => void>();
    const error = new Error('throttled');
    const pay = paying(
      () => 'paid',
      optionsWith({ warn, store: faulty({ complete: () => Promise.reject(error) }) }),
    );
    expect(await pay(order)).toBe('paid');
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('could not be told'), {
      operation: 'pay',
      error,
    });
    // Not reported done: whoever comes again waits for the lease, and does not get a result that was never kept.
    await expect(pay(order)).rejects.toThrow(IdempotencyInProgress);
  });

  it('O5 throws what the work threw also when the claim cannot be released', async () => {
    const warn = vi.fn<(message: string, fields: object) => void>();
    const store = faulty({ release: () => Promise.reject(new Error('throttled')) });
    const pay = paying(() => Promise.reject(new Error('no funds')), optionsWith({ warn, store }));
    await expect(pay(order)).rejects.toThrow('no funds');
    expect(warn).toHaveBeenCalledOnce();
  });

  it('O5 warns a late owner, and leaves the result to its successor', async () => {
    const store = memoryStore();
    const warn = vi.fn<(message: string, fields: object) => void>();
    const late = paying(() => wait(60, 'late'), optionsWith({ store, warn, lease: 20 }));
    const first = late(order);
    await wait(30);
    expect(await paying(() => 'successor', optionsWith({ store }))(order)).toBe('successor');
    expect(await first).toBe('late');
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('may have run twice'), {
      operation: 'pay',
    });
    expect(await late(order)).toBe('successor');
  });

  it('asks for the lease with the arguments', async () => {
    const inner = memoryStore();
    const claim = vi.spyOn(inner, 'claim');
    const store = customStore(inner);
    await paying(() => 'paid', optionsWith({ store, lease: ({ total }) => total * 100 }))(order);
    await paying(() => 'paid', optionsWith({ store }))({ ...order, id: 'o-2' });
    expect(claim.mock.calls.map(([, { lease }]) => lease)).toEqual([1000, 900_000]);
  });

  it('says on standard error what nobody else was asked to hear', async () => {
    const emitted = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    await paying(() => 1n, optionsWith())(order);
    expect(emitted).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining('pay: idempotency: the result'),
      'IdempotencyWarning',
    );
    emitted.mockRestore();
  });
});

describe('options', () => {
  it.each([
    [{ store: undefined }, 'option "store" is missing'],
    [{ store: {} }, 'option "store" must be a store'],
    [{ key: undefined }, 'option "key" is missing'],
    [{ key: 'id' }, 'option "key" must be a function'],
    [{ operation: undefined }, 'option "operation" is missing'],
    [{ operation: 'o'.repeat(901) }, 'option "operation" must be a name of 1 to 900 bytes'],
    [{ ttl: 0 }, 'option "ttl" must be a number of seconds'],
    [{ lease: -1 }, 'option "lease" must be'],
    [{ keys: 1 }, 'Did you mean "key"?'],
  ])('A6 refuses %j', (more, message) => {
    expect(() => idempotent(() => 1, wrong(more) as never)).toThrow(message);
  });

  it('A6 refuses what is no function', () => {
    expect(() => idempotent(1 as never, optionsWith())).toThrow(
      'idempotent: expected a function to run, got number',
    );
  });
});
