import { expect, test } from 'vitest';

import { meant } from './meant.ts';

const names = ['Timeout', 'MemorySize', 'Handler', 'ApiId', 'SQS', 'SNS', 'Properties'];

test.each([
  ['Timeot', 'Timeout'],
  ['timeout', 'Timeout'],
  ['Timeoutt', 'Timeout'],
  ['Handelr', 'Handler'],
  ['MemorySiz', 'MemorySize'],
  ['ApiID', 'ApiId'],
  ['Sqs', 'SQS'],
  ['Propertys', 'Properties'],
])('%s is a slip of %s', (typed, name) => {
  expect(meant(typed, names)).toBe(`. Did you mean ${name}?`);
});

test.each(['', 'T', 'Cron', 'Timezone', 'Time', 'toString'])('%s may be anything', (typed) => {
  expect(meant(typed, names)).toBe('');
});
