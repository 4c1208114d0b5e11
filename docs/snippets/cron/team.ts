import { cronHandler } from 'handlersmith/cron';

export const cron = cronHandler.extend({ service: 'reports', deadlineMargin: 1_000 });

export const handler = cron({ schedule: 'clean-up' }, ({ logger }) => logger.info('cleaned up'));
