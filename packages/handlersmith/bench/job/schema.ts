/**
 * The one rule set of the job, as JSON Schema. The zod, zod/mini and valibot candidates say the same in their own words.
 *
 * @module
 */

/** `{ name: 1 to 100 characters, price: 0 or more }` */
export const itemSchema = {
  type: 'object',
  required: ['name', 'price'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100 },
    price: { type: 'number', minimum: 0 },
  },
} as const;

/** The same, one level down: `@middy/validator` validates whole events. */
export const eventSchema = {
  type: 'object',
  required: ['body'],
  properties: { body: itemSchema },
} as const;
