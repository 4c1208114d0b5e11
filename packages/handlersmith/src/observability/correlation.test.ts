import * as fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';

import { correlationId, currentTraceHeader, parseTraceHeader, traceRoot } from './correlation.ts';

const ROOT = '1-5759e988-bd862e3fe1be46a994272793';

afterEach(() => {
  vi.unstubAllEnvs();
  Reflect.deleteProperty(globalThis, 'awslambda');
});

test.each([
  undefined,
  null,
  42,
  {},
  ['a'],
  '',
  ' ',
  'a b',
  'a\nb',
  'a\u0000',
  'ä',
  '\u001b[31m',
  'x'.repeat(129),
])('O1 a correlation id that is not sane is refused: %j', (value) => {
  expect(correlationId(value)).toBeUndefined();
});

test('O1 a sane correlation id is kept as it came', () => {
  expect(correlationId('c6af9ac6-7b61')).toBe('c6af9ac6-7b61');
  expect(correlationId('x'.repeat(128))).toBe('x'.repeat(128));
});

/** Mostly what may be in an id, now and then what may not. */
const letter = fc.integer({ min: 0x18, max: 0x81 }).map((code) => String.fromCharCode(code));

test('O1 no accepted correlation id can hold anything but visible ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: letter, maxLength: 200 }), (text) => {
      const id = correlationId(text);
      expect(
        id === undefined || (id === text && id.split('').every((sign) => sign > ' ' && sign <= '~')),
      ).toBe(true);
    }),
  );
});

test.each([
  undefined,
  7,
  '',
  'Root=',
  'Root=1-5759e988',
  `Root=2${ROOT.slice(1)}`,
  `Root=${ROOT}0`,
  `Root=${ROOT}0;Sampled=1`,
  `XRoot=${ROOT}`,
  `Root=1-zzzzzzzz-bd862e3fe1be46a994272793`,
])('O1 a header without a trace id gives none: %j', (header) => {
  expect(traceRoot(header)).toBeUndefined();
  expect(parseTraceHeader(header)).toBeUndefined();
});

test.each([
  [`Root=${ROOT}`, { root: ROOT, parent: undefined, sampled: false }],
  [
    `Root=${ROOT};Parent=53995c3f42cd8ad8;Sampled=1`,
    { root: ROOT, parent: '53995c3f42cd8ad8', sampled: true },
  ],
  [
    `Self=1-67891234-12456789abcdef012345678a;Root=${ROOT};Sampled=0`,
    { root: ROOT, parent: undefined, sampled: false },
  ],
  [` Sampled=1 ; Root=${ROOT} ; Parent=nonsense`, { root: ROOT, parent: undefined, sampled: true }],
  [
    `Root=${ROOT};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:1`,
    { root: ROOT, parent: '53995c3f42cd8ad8', sampled: true },
  ],
])('O1 a trace header is taken apart: %s', (header, parts) => {
  expect(parseTraceHeader(header)).toEqual(parts);
});

test('A1 where invocations overlap, the trace header is the one of the own invocation', () => {
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=of-the-environment');
  expect(currentTraceHeader()).toBe('Root=of-the-environment');
  Object.assign(globalThis, {
    awslambda: { InvokeStore: { getXRayTraceId: () => 'Root=of-the-invocation' } },
  });
  expect(currentTraceHeader()).toBe('Root=of-the-invocation');
});
