import { snsHandler } from 'handlersmith/sns';
import * as z from 'zod';

const Alarm = z.object({ AlarmName: z.string(), NewStateValue: z.string() });

export const handler = snsHandler({ message: Alarm }, ({ message, logger }) => {
  logger.warn('alarm', { alarm: message.AlarmName, state: message.NewStateValue });
});
