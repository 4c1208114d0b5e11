/**
 * The work that is to be done once.
 *
 * @module
 */

/** What is paid for. */
export interface Order {
  readonly id: string;
  readonly total: number;
}

/** What a caller gets, the first time and every other. */
export interface Receipt {
  readonly order: string;
  readonly amount: number;
  /** How often anything was charged in this process. */
  readonly charges: number;
}

let charges = 0;

/**
 * Charges an order.
 *
 * @param order - what is paid for
 * @returns a receipt that tells whether it was done again
 */
export async function charge(order: Order): Promise<Receipt> {
  charges += 1;
  return { order: order.id, amount: order.total, charges };
}
