import { z } from 'zod';

export const Order = z.object({
  id: z.string(),
  customer: z.string(),
  total: z.number().min(0),
});
