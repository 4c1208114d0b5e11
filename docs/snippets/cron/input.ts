import { cronHandler } from 'handlersmith/cron';
import * as z from 'zod';

const Report = z.object({ report: z.enum(['sales', 'stock']), days: z.number().default(7) });

export const handler = cronHandler({ input: Report }, ({ input, slot, attempt, logger }) => {
  logger.info('writing', { report: input.report, days: input.days, until: slot, attempt });
});
