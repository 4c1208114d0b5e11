/**
 * What comes in and what goes out.
 *
 * @module
 */
import * as z from 'zod';

import { itemIdIn } from './cursor.ts';

/** JSON can spell half of a character, such as `"\ud83d"`; DynamoDB takes whole ones only. */
const text = z
  .string()
  .trim()
  .min(1)
  .refine((value) => value.isWellFormed(), 'holds half of a character');

/** What a client says of an item. PUT takes all of it, so that nothing is half new and half old. */
export const NewItem = z.strictObject({
  name: text.max(100),
  /** In cents: money is counted, not measured. */
  price: z.int().min(0).max(100_000_000),
  tags: z.array(text.max(30)).max(10).default([]),
});
export type NewItem = z.output<typeof NewItem>;

export const Item = z.strictObject({
  id: z.string(),
  ...NewItem.shape,
  version: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Item = z.output<typeof Item>;

/** Which part of the list is asked for. */
export const Page = z.strictObject({
  limit: z.int().min(1).max(100).default(20),
  /** As the page before gave it. */
  cursor: z
    .string()
    .max(100)
    .transform((cursor, context) => {
      const id = itemIdIn(cursor);
      if (id !== undefined) return id;
      context.addIssue({
        code: 'custom',
        message: 'is not a cursor of this list: leave it out to start anew',
      });
      return z.NEVER;
    })
    .optional(),
});

export const ItemPage = z.strictObject({
  items: z.array(Item),
  /** Gives the next page; not there on the last one. */
  cursor: z.string().optional(),
});
