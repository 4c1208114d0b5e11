import { spawnSync } from 'node:child_process';

import { afterEach, expect, test, vi } from 'vitest';

import { createClock } from './clock.ts';

// processes take their time to start on a busy machine
vi.setConfig({ testTimeout: 30_000 });

afterEach(() => {
  vi.useRealTimers();
});

test.each([undefined, '', ':UTC', 'UTC', 'Etc/UTC'])('O1 the time is ISO 8601 in UTC with TZ %j', (zone) => {
  vi.useFakeTimers({ now: Date.UTC(2026, 1, 3, 4, 5, 6, 7) });
  const time = createClock(zone);
  expect(time()).toBe('2026-02-03T04:05:06.007Z');
  vi.advanceTimersByTime(13);
  expect(time()).toBe('2026-02-03T04:05:06.020Z');
  vi.advanceTimersByTime(980);
  expect(time()).toBe('2026-02-03T04:05:07.000Z');
  vi.setSystemTime(Date.UTC(2025, 11, 31, 23, 59, 59, 999));
  expect(time()).toBe('2025-12-31T23:59:59.999Z');
});

/** A process has one time zone from its start. */
function inZone(zone: string, now: number): string {
  const code = `
    import { createClock } from ${JSON.stringify(import.meta.resolve('./clock.ts'))};
    Date.now = () => ${now};
    console.log(createClock(process.env.TZ)());`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    env: { TZ: zone },
    encoding: 'utf8',
  });
  return stdout.trim() || stderr;
}

test.each([
  ['Europe/Berlin', Date.UTC(2026, 6, 1, 12, 0, 0, 5), '2026-07-01T14:00:00.005+02:00'],
  ['Europe/Berlin', Date.UTC(2026, 11, 31, 23, 30), '2027-01-01T00:30:00.000+01:00'],
  ['Asia/Kolkata', Date.UTC(2026, 6, 1), '2026-07-01T05:30:00.000+05:30'],
  ['America/St_Johns', Date.UTC(2026, 0, 1), '2025-12-31T20:30:00.000-03:30'],
])('O1 a set TZ is told with its offset: %s', (zone, now, expected) => {
  expect(inZone(zone, now)).toBe(expected);
});

test('O1 a TZ nobody knows still gives the right instant', () => {
  expect(new Date(inZone('Mars/Olympus', 86_400_000)).getTime()).toBe(86_400_000);
});

test('hazard: a set TZ costs nothing per line', () => {
  const time = createClock('Europe/Berlin');
  const local = vi.spyOn(Date.prototype, 'getTimezoneOffset');
  vi.useFakeTimers({ now: 5000, toFake: ['Date'] });
  const before = local.mock.calls.length;
  for (let index = 0; index < 100; index++) time();
  expect(local.mock.calls.length - before).toBeLessThanOrEqual(1);
  local.mockRestore();
});
