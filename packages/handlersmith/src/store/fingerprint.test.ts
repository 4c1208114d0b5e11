import { expect, it } from 'vitest';

import { fingerprint } from './fingerprint.ts';

const request = {
  operation: 'create',
  table: 'photos',
  rowKey: { id: 'a' },
  fields: { title: 'x', tags: ['a'] },
  sha256: 'f00',
};

it.each([
  ['operation', { operation: 'replace' }],
  ['table', { table: 'scans' }],
  ['row', { rowKey: { id: 'b' } }],
  ['fields', { fields: { title: 'y', tags: ['a'] } }],
  ['the order of a list', { fields: { title: 'x', tags: ['a', 'b'] } }],
  ['no fields', { fields: undefined }],
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
