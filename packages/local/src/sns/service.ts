/**
 * What every action works on.
 *
 * @module
 */
import type { Courier } from './courier.ts';
import type { Query } from './query.ts';
import type { Store } from './store.ts';
import type { Output } from './xml.ts';

export interface SnsService {
  readonly store: Store;
  readonly courier: Courier;
  readonly region: string;
  /** 12 digits. */
  readonly accountId: string;
}

/** One action of the API. */
export interface Action {
  /** The parameters it knows. Others are refused by name, never ignored. */
  readonly parameters: readonly string[];
  /**
   * @param trace - the X-Ray header of the request
   * @throws SnsError where the request is refused
   */
  readonly run: (service: SnsService, query: Query, trace: string | undefined) => Output | Promise<Output>;
}

export type Actions = Readonly<Record<string, Action>>;

export function arnOf({ region, accountId }: Pick<SnsService, 'region' | 'accountId'>, name: string): string {
  return `arn:aws:sns:${region}:${accountId}:${name}`;
}

export function isFifo(arn: string): boolean {
  return arn.endsWith('.fifo');
}
