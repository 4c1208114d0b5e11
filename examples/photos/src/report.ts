/**
 * Each night a report of the day's photos, once per night however often the schedule fires.
 *
 * @module
 */
import { schedule } from 'handlersmith/cron';

import { files } from './files.ts';
import { once } from './once.ts';
import { photoTable } from './table.ts';
import { cron } from './team.ts';

const DAY_MS = 86_400_000;

export const handler = cron(
  {
    schedule: 'nightly-report',
    expression: schedule('cron(0 2 * * ? *)'),
    once,
    resources: () => ({ table: photoTable(), files: files() }),
  },
  async ({ slot, resources, signal, logger }) => {
    const from = new Date(slot.getTime() - DAY_MS);
    const rows = await resources.table.uploadedBetween(from, slot, { signal });
    const report = {
      from: from.toISOString(),
      to: slot.toISOString(),
      photos: rows.length,
      bytes: rows.reduce((sum, { blob }) => sum + blob.size, 0),
      withoutThumbnail: rows.filter(({ thumbnail }) => thumbnail === undefined).map(({ id }) => id),
    };
    const key = `reports/${slot.toISOString().slice(0, 10)}.json`;
    await resources.files.put(key, JSON.stringify(report, undefined, 2), 'application/json', { signal });
    logger.info('report written', { key, photos: report.photos });
  },
);
