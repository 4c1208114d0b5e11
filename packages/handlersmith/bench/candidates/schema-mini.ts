import * as z from 'zod/mini';

export const NewItem = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  price: z.number().check(z.minimum(0)),
});
