import { describe, expect, it } from 'vitest';

import { callback, checkOptions, flag, milliseconds, type OptionRules, text } from './options.ts';

const rules: OptionRules = {
  service: text,
  accessLog: flag,
  resources: callback,
  deadlineMargin: milliseconds,
};
const check = (options: unknown): void => checkOptions('someHandler', options, rules);

describe('A6 options', () => {
  it.each([
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a list', [], 'an array'],
    ['a function', () => {}, 'a function'],
    ['a text', 'service', 'a string'],
    ['a number', 7, '7'],
  ])('must be an object, not %s', (_, options, got) => {
    expect(() => check(options)).toThrow(
      new TypeError(`someHandler: expected an object of options, got ${got}`),
    );
  });

  it.each([
    ['Service', 'service'],
    ['servcie', 'service'],
    ['acessLog', 'accessLog'],
    ['deadlinemargin', 'deadlineMargin'],
    ['resource', 'resources'],
  ])('name %j is answered with a suggestion', (name, meant) => {
    expect(() => check({ [name]: 1 })).toThrow(
      new TypeError(`someHandler: unknown option "${name}". Did you mean "${meant}"?`),
    );
  });

  it.each(['timeout', '', 'toString', 'constructor', 'hasOwnProperty'])(
    'name %j is refused with the list of what there is',
    (name) => {
      expect(() => check({ [name]: 1 })).toThrow(
        `someHandler: unknown option "${name}". Known options: service, accessLog, resources, deadlineMargin`,
      );
    },
  );

  it('name "__proto__" is refused too', () => {
    expect(() => check(JSON.parse('{"__proto__": 1}'))).toThrow('unknown option "__proto__"');
  });

  it.each([
    ['service', '', 'a non-empty string', 'a string'],
    ['service', 5, 'a non-empty string', '5'],
    ['service', null, 'a non-empty string', 'null'],
    ['accessLog', 'true', 'true or false', 'a string'],
    ['accessLog', 0, 'true or false', '0'],
    ['resources', {}, 'a function', 'an object'],
    ['resources', [], 'a function', 'an array'],
    ['deadlineMargin', '200', 'a number of milliseconds, 0 or more', 'a string'],
    ['deadlineMargin', -1, 'a number of milliseconds, 0 or more', '-1'],
    ['deadlineMargin', Infinity, 'a number of milliseconds, 0 or more', 'Infinity'],
    ['deadlineMargin', Number.NaN, 'a number of milliseconds, 0 or more', 'NaN'],
    ['deadlineMargin', false, 'a number of milliseconds, 0 or more', 'false'],
    ['deadlineMargin', 5n, 'a number of milliseconds, 0 or more', 'a bigint'],
    ['deadlineMargin', Symbol('x'), 'a number of milliseconds, 0 or more', 'a symbol'],
  ])('value of %s cannot be %o', (name, value, expected, got) => {
    expect(() => check({ [name]: value })).toThrow(
      new TypeError(`someHandler: option "${name}" must be ${expected}, got ${got}`),
    );
  });

  it('never quotes a text it refuses: it may be a secret', () => {
    expect(() => check({ accessLog: 'hunter2' })).toThrow(/^(?!.*hunter2)/);
  });

  it('are let through when they are right, absent or undefined', () => {
    expect(() => check({})).not.toThrow();
    expect(() => check({ service: undefined, accessLog: undefined })).not.toThrow();
    expect(() =>
      check({ service: 'shop', accessLog: false, resources: () => 1, deadlineMargin: 0 }),
    ).not.toThrow();
    expect(() => check(Object.assign(Object.create(null), { service: 'shop' }))).not.toThrow();
  });
});
