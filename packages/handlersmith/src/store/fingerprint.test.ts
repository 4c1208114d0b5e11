import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { fingerprinting } from './fingerprint.ts';

const fingerprint = ({ sha256, ...asked }: typeof request): string => fingerprinting(asked)(sha256);

const request: {
  operation: string;
  table: string;
  rowKey: { id: string };
  fields: unknown;
  contentType: string | undefined;
  sha256: string | undefined;
} = {
  operation: 'create',
  table: 'photos',
  rowKey: { id: 'a' },
  fields: { title: 'x', tags: ['a'] },
  contentType: 'image/jpeg',
  sha256: 'f00',
};

it.each([
  ['operation', { operation: 'replace' }],
  ['table', { table: 'scans' }],
  ['row', { rowKey: { id: 'b' } }],
  ['fields', { fields: { title: 'y', tags: ['a'] } }],
  ['the order of a list', { fields: { title: 'x', tags: ['a', 'b'] } }],
  ['no fields', { fields: undefined }],
  ['content type', { contentType: 'image/png' }],
  ['no content type', { contentType: undefined }],
  ['the body', { sha256: 'f01' }],
  ['no body', { sha256: undefined }],
])('another request by its %s', (_, change) => {
  expect(fingerprint({ ...request, ...change })).not.toBe(fingerprint(request));
});

it('the same request with its fields in another order', () => {
  expect(fingerprint({ ...request, fields: { tags: ['a'], title: 'x' } })).toBe(fingerprint(request));
});

it('refuses fields that hold themselves', () => {
  const fields: Record<string, unknown> = {};
  fields['self'] = fields;
  expect(() => fingerprint({ ...request, fields })).toThrow(TypeError);
});

it('refuses fields that nobody has waited for: a promise has none, and all requests would be the same', () => {
  expect(() => fingerprint({ ...request, fields: Promise.resolve({ title: 'x' }) })).toThrow(
    /create: fields is a promise; await it first/,
  );
});

it('does not change with fields that are changed later', () => {
  const fields = { title: 'x' };
  const later = fingerprinting({ ...request, fields });
  const before = later('f00');
  fields.title = 'y';
  expect(later('f00')).toBe(before);
});

it.each<[what: string, fields: readonly unknown[]]>([
  ['bytes', [new Uint8Array([1]), new Uint8Array([2]), {}]],
  ['dates', [new Date(0), new Date(1), new Date(0).toJSON()]],
  ['maps and sets', [new Map([['a', 1]]), new Map([['a', 2]]), new Set([1]), new Set([2]), {}]],
  ['numbers', [1, 1n, '1', Number.NaN, null, undefined]],
])('I6 another request by its %s', (_, values) => {
  const prints = values.flatMap((value) => [
    fingerprint({ ...request, fields: value }),
    fingerprint({ ...request, fields: { list: [value] } }),
  ]);
  expect(new Set(prints).size).toBe(prints.length);
});

it('I6 is another for other bytes, at any depth, and the same for the same in other buffers', () => {
  const bytes = fc.uint8Array({ maxLength: 16 });
  fc.assert(
    fc.property(fc.jsonValue(), bytes, bytes, (around, one, other) => {
      fc.pre(Buffer.compare(one, other) !== 0);
      const print = (each: Uint8Array): string =>
        fingerprint({ ...request, fields: { around, parts: [each, new Map([['each', each]])] } });
      expect(print(one)).not.toBe(print(other));
      expect(print(one)).toBe(print(Buffer.from(one)));
    }),
  );
});

it('refuses fields of which not everything can be seen, and names them', () => {
  expect(() => fingerprint({ ...request, fields: { form: new FormData() } })).toThrow(
    /^create: fields\.form is a FormData, of which not everything can be seen/,
  );
});
