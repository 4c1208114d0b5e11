import { cronHandler } from 'handlersmith/cron';

export const handler = cronHandler({}, ({ slot, lag, logger }) => {
  logger.info('report written', { day: slot.toISOString().slice(0, 10), lag });
});
