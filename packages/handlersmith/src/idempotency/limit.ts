/**
 * How large a result may be.
 *
 * @module
 */

/** Bytes a DynamoDB item may have. */
const ITEM_BYTES = 400 * 1024;

/** Room for the key (2,048 bytes at most), the other attributes and all names. */
const REST_BYTES = 4 * 1024;

/**
 * Bytes that a result's JSON may have.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export const RESULT_LIMIT: number = ITEM_BYTES - REST_BYTES;
