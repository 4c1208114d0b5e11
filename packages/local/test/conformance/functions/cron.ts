/** Work of schedules. What was worked on is on the log: `worked 2026-…`. */
import { setTimeout as pause } from 'node:timers/promises';

import { type CronHandler, cronHandler } from 'handlersmith/cron';
import { dynamoStore } from 'handlersmith/idempotency';

const once = dynamoStore({ tableName: process.env['RUNS'] ?? 'runs' });

/** Each slot once, and one at a time. */
export const report: CronHandler = cronHandler(
  { service: 'conformance', schedule: 'report', once },
  async ({ slot, input }) => {
    // What the tests send.
    await pause((input as { wait?: number } | undefined)?.wait ?? 0);
    console.log(`worked ${slot.toISOString()}`);
  },
);

/** Gives the event back. */
export async function echo(event: unknown): Promise<unknown> {
  return event;
}

let failures = 0;

/** Fails at first. */
export async function shaky(): Promise<void> {
  failures += 1;
  if (failures === 1) throw new Error('not yet');
}
