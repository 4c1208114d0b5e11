import * as z from 'zod';

export const NewItem = z.object({ name: z.string().min(1).max(100), price: z.number().min(0) });
