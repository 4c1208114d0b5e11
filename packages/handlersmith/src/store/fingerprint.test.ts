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
