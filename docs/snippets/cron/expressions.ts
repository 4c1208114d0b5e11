import { schedule } from 'handlersmith/cron';

export const monday = schedule('cron(0 9 ? * MON *)', { timezone: 'Europe/Berlin' });

export const slots = monday.next(2, new Date('2026-10-24T00:00:00Z'));
// 2026-10-26T08:00:00.000Z and 2026-11-02T08:00:00.000Z: nine o'clock in Berlin, winter time

export function refused(): void {
  schedule('cron(0 2 * * *)');
  // TypeError: schedule: "cron(0 2 * * *)": expected six fields (minutes hours day-of-month month
  // day-of-week year), got 5. Five are what Unix takes: add the year, and write ? for one of the day fields.
}
