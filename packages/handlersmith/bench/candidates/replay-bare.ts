import { charge, type Order, type Receipt } from '../job/charge.ts';

/** Calls the function itself: what a replay costs above it is ours. */
export const handler = async (order: Order): Promise<Receipt> => charge(order);
