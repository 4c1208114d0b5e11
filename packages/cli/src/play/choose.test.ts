import type { App, ScheduleTrigger } from '@handlersmith/local';
import { expect, test } from 'vitest';

import { WrongUse } from '../problem.ts';
import { scheduleOf } from './choose.ts';

const schedule = (declared: string, id: string): ScheduleTrigger => ({
  type: 'schedule',
  function: declared,
  id,
  name: `shop-${declared}${id}`,
  arn: '',
  by: 'rule',
  expression: 'rate(1 hour)',
  timezone: 'UTC',
  retries: 0,
  enabled: true,
  place: { file: 'template.yaml', line: 1 },
});
const app: Pick<App, 'triggers'> = {
  triggers: [schedule('Report', 'Nightly'), schedule('Sweep', 'Nightly'), schedule('Sweep', 'Hourly')],
};

test.each([
  ['Nightly', 'Nightly stands for several schedules. There are: ReportNightly, SweepNightly, SweepHourly.'],
  ['Sweep', 'Sweep stands for several schedules. There are: ReportNightly, SweepNightly, SweepHourly.'],
  ['Houry', 'There is no schedule Houry. Did you mean Hourly? There are: Nightly, SweepNightly, Hourly.'],
])('%s is not one schedule', (wanted, message) => {
  expect(() => scheduleOf(app, wanted)).toThrow(new WrongUse(message));
});

test('a template without any says so', () => {
  expect(() => scheduleOf({ triggers: [] }, 'Nightly')).toThrow('The template has no schedule.');
});

test.each([
  ['Report', 'Nightly'],
  ['ReportNightly', 'Nightly'],
  ['SweepNightly', 'SweepNightly'],
  ['shop-SweepNightly', 'SweepNightly'],
  ['Hourly', 'Hourly'],
])('%s is the one that the runner calls %s', (wanted, key) => {
  expect(scheduleOf(app, wanted).key).toBe(key);
});
