import { describe, expect, it } from 'vitest';

import { extended } from './defaults.ts';
import type { HttpOptions } from './options.ts';

const cors = { origins: ['https://app.example.com'] };
const one = { before: () => {} };
const other = { after: () => {} };

describe('extended', () => {
  it('puts options before defaults', () => {
    expect(extended({ service: 'shop', bodyLimit: 1, cors }, { service: 'items' })).toEqual({
      service: 'items',
      bodyLimit: 1,
      cors,
    });
  });

  it('takes an option that is undefined for none', () => {
    expect(extended({ service: 'shop' }, { service: undefined } as unknown as HttpOptions)).toEqual({
      service: 'shop',
    });
  });

  it('keeps an option that says no', () => {
    expect(
      extended(
        { accessLog: true, deadlineMargin: 500 },
        { logger: false, accessLog: false, deadlineMargin: 0 },
      ),
    ).toEqual({
      logger: false,
      accessLog: false,
      deadlineMargin: 0,
    });
  });

  it('joins the lists of middlewares, those of the team first', () => {
    expect(extended({ use: [one] }, { use: [other] }).use).toEqual([one, other]);
    expect(extended({ use: [one] }, {})).toEqual({ use: [one] });
    expect(extended({}, { use: [other] })).toEqual({ use: [other] });
    expect(extended({}, {})).toEqual({});
  });

  it('A1 changes neither', () => {
    const [defaults, options] = [
      Object.freeze({ use: Object.freeze([one]) }),
      Object.freeze({ use: Object.freeze([other]) }),
    ];
    extended(defaults, options);
    expect([defaults.use, options.use]).toEqual([[one], [other]]);
  });

  it.each([[undefined], [null], ['text'], [7]])('A6 leaves %j to the check of options', (options) => {
    expect(extended({ service: 'shop' }, options as unknown as HttpOptions)).toBe(options);
  });

  it.each([[{}], ['one'], [one]])(
    'A6 leaves a use of %j to the check of options, with defaults or without',
    (use) => {
      expect(extended({}, { use } as unknown as HttpOptions)).toEqual({ use });
      expect(extended({ use: [one] }, { use } as unknown as HttpOptions)).toEqual({ use });
    },
  );
});
