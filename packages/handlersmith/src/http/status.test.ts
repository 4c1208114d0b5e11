import { STATUS_CODES as nodePhrases } from 'node:http';

import { expect, it } from 'vitest';

import { STATUS_CODES, statusText } from './status.ts';

it('says of each status what Node says, in the words of RFC 9110', () => {
  const renamed = { 413: 'Content Too Large', 422: 'Unprocessable Content' };
  for (const [status, phrase] of Object.entries({ ...STATUS_CODES, ...renamed })) {
    const known = { ...nodePhrases, ...renamed }[status];
    expect([status, known]).toEqual([status, phrase]);
  }
});

it.each([
  [200, 'OK'],
  [404, 'Not Found'],
  [299, 'OK'],
  [399, 'OK'],
  [499, 'Client Error'],
  [599, 'Server Error'],
])('has a word for %d: %s', (status, phrase) => {
  expect(statusText(status)).toBe(phrase);
});
