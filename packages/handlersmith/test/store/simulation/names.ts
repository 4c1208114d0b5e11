/**
 * What bucket and tables are called.
 *
 * @module
 */
export const BUCKET = 'blobs-bucket';
/** Rows and their ledger have a scope and an id; records what the store gives them. */
export const ROWS = 'rows';
export const LEDGER = 'ledger';
