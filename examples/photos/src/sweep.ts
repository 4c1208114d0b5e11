/**
 * Deletes what no row refers to any more.
 *
 * @module
 */
import { album } from './album.ts';
import { cron } from './team.ts';

export const handler = cron(
  { schedule: 'sweep', resources: () => ({ album: album() }) },
  async ({ resources, signal, remaining, logger }) => {
    const report = await resources.album.retire({ signal, remaining, logger });
    logger.info('swept', { ...report });
  },
);
