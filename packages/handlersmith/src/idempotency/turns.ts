/**
 * Turns in a DynamoDB table, in items of the same layout as results. Loaded when a turn is first asked for.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';

import { type AttributeValue, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

import { attribute, COMPLETED, IN_PROGRESS, type Item, lostTo, type Table } from './layout.ts';
import type { Turn, TurnRequest, TurnStore } from './order.ts';

/** What these items have beside what others do: what is finished, and what has the turn. */
const NEWEST = 'newest';
const RUNNING = 'running';

/** Turns by conditional updates: a put would take away what is finished. */
export class TableTurns implements TurnStore {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async begin(key: string, position: string, { lease, ttl, signal }: TurnRequest): Promise<Turn> {
    const token = randomUUID();
    const now = Date.now();
    const values = {
      ':status': text(IN_PROGRESS),
      ':owner': text(token),
      ':position': text(position),
      ':now': number(now),
      ':endsAt': number(now + Math.ceil(lease)),
      ':expiration': number(expirationOf(ttl)),
    };
    const standing = await this.#update(
      key,
      {
        set: '#status = :status, #owner = :owner, #running = :position, #lease = :endsAt, #expiration = :expiration',
        // Free, or void, or this event's own: the last is also what the SDK meets when it sends a write again.
        when: `(attribute_not_exists(#newest) OR #newest < :position) AND
          (attribute_not_exists(#status) OR #status <> :status OR #lease < :now OR #running = :position)`,
        values,
      },
      signal,
    );
    if (standing === undefined) return { kind: 'begun', token };
    const newest = standing[NEWEST]?.S;
    if (newest === position) return { kind: 'done' };
    if (newest !== undefined && newest > position) return { kind: 'outdated' };
    const endsAt = Number(standing[attribute.lease]?.N ?? now);
    return { kind: 'busy', retryAfter: Math.max(0, endsAt - Date.now()) };
  }

  async finish(key: string, token: string, position: string, ttl: number): Promise<boolean> {
    const values = { ':position': text(position), ':expiration': number(expirationOf(ttl)) };
    const mark = '#newest = :position, #expiration = :expiration';
    const newer = 'attribute_not_exists(#newest) OR #newest <= :position';
    const own = await this.#update(key, {
      set: `${mark}, #status = :status`,
      when: `#owner = :owner AND (${newer})`,
      values: { ...values, ':status': text(COMPLETED), ':owner': text(token) },
    });
    if (own === undefined) return true;
    if (own[attribute.owner]?.S === token) {
      // Ours still, but something newer went past it.
      await this.abandon(key, token);
      return false;
    }
    // Somebody else has the turn by now, and keeps it.
    return (await this.#update(key, { set: mark, when: newer, values })) === undefined;
  }

  async abandon(key: string, token: string): Promise<void> {
    await this.#update(key, {
      set: '#status = :status',
      when: '#owner = :owner',
      values: { ':status': text(COMPLETED), ':owner': text(token) },
    });
  }

  /** @returns the item that stood in the way; `undefined` when it was changed */
  async #update(
    key: string,
    { set, when, values }: { set: string; when: string; values: Item },
    signal?: AbortSignal,
  ): Promise<Item | undefined> {
    const names = {
      '#status': attribute.status,
      '#owner': attribute.owner,
      '#lease': attribute.lease,
      '#expiration': this.#table.expiration,
      '#newest': NEWEST,
      '#running': RUNNING,
    };
    const used = Object.entries(names).filter(([name]) => `${set} ${when}`.includes(name));
    const command = new UpdateItemCommand({
      TableName: this.#table.name,
      Key: this.#table.keyOf(key),
      UpdateExpression: `SET ${set}`,
      ConditionExpression: when,
      ExpressionAttributeNames: Object.fromEntries(used),
      ExpressionAttributeValues: values,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await this.#table.client.send(command, signal === undefined ? {} : { abortSignal: signal });
      return undefined;
    } catch (error) {
      const item = lostTo(error);
      if (item === undefined) throw error;
      return item;
    }
  }
}

const text = (value: string): AttributeValue => ({ S: value });
const number = (value: number): AttributeValue => ({ N: String(value) });

/** Seconds since 1970 from which on DynamoDB may delete the item. Until it does the mark holds: it is never wrong. */
function expirationOf(ttl: number): number {
  return Math.ceil(Date.now() / 1000 + ttl);
}
