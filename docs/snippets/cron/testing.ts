import { invoke, scheduledEvent, schedulerEvent } from '@handlersmith/testing';
import { cronHandler } from 'handlersmith/cron';
import { memoryStore } from 'handlersmith/idempotency';
import { expect, it } from 'vitest';

const time = new Date('2026-11-01T02:00:00Z');

it('runs a slot once', async () => {
  const slots: Date[] = [];
  const handler = cronHandler({ schedule: 'nightly', once: memoryStore(), logger: false }, ({ slot }) => {
    slots.push(slot);
  });

  await invoke(handler, scheduledEvent({ time }));
  await invoke(handler, schedulerEvent({ slot: '<aws.scheduler.scheduled-time>' }, { time, attempt: 2 }));
  await invoke(handler, { slot: '2026-11-01T02:00:00Z' });

  expect(slots).toEqual([time]);
});
