/**
 * Time to live: no server here deletes what has expired, so this does.
 *
 * @module
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
 */
import type { Clock } from '../clock/clock.ts';
import type { ServiceCall } from '../mapping/call.ts';
import { ServiceError } from '../mapping/call.ts';

/** Milliseconds between looks. AWS takes up to days; nobody here wants to wait. */
const EVERY_MS = 10_000;

/** AWS leaves alone what has been expired for more than five years: a value that is no time. */
const TOO_OLD_SECONDS = 5 * 365 * 86_400;

export interface ExpiringTable {
  readonly name: string;
  /** Names of its key attributes. */
  readonly keys: readonly string[];
  /** Name of the attribute that holds the second an item expires at. */
  readonly expiresBy: string;
}

export interface Expiry {
  /** Deletes now what has expired, and gives how many items that were. */
  readonly sweep: () => Promise<number>;
  stop(): Promise<void>;
}

/**
 * Deletes expired items again and again.
 *
 * @param onExpire - told of each item before it is deleted
 */
export function expireItems(options: {
  readonly tables: () => readonly ExpiringTable[];
  readonly dynamodb: ServiceCall;
  readonly clock: Clock;
  readonly onExpire: (table: string, keys: unknown) => void;
  readonly onProblem: (problem: string) => void;
}): Expiry {
  const { clock, onProblem } = options;
  let stopped = false;
  let running: Promise<number> | undefined;
  let cancel: (() => void) | undefined;

  const sweep = async (): Promise<number> => {
    // A clock that is moved wakes us on its way: what it comes to counts.
    await Promise.resolve();
    const swept = await Promise.all(options.tables().map((table) => sweepTable(table, options)));
    return swept.reduce((sum, count) => sum + count, 0);
  };
  const once = (): Promise<number> => (running ??= sweep().finally(() => (running = undefined)));
  const again = (): void => {
    if (stopped) return;
    cancel = clock.after(EVERY_MS, () => {
      once()
        .catch((error: unknown) => onProblem(error instanceof Error ? error.message : String(error)))
        .finally(again);
    });
  };
  again();
  return {
    sweep: once,
    async stop() {
      stopped = true;
      cancel?.();
      // What is under way may fail as servers end; then there is nothing to sweep any more.
      await running?.catch(() => 0);
    },
  };
}

async function sweepTable(
  { name, keys, expiresBy }: ExpiringTable,
  { dynamodb, clock, onExpire }: Parameters<typeof expireItems>[0],
): Promise<number> {
  const seconds = Math.floor(clock.now() / 1000);
  const isExpired = {
    ExpressionAttributeNames: { '#ttl': expiresBy },
    ExpressionAttributeValues: {
      ':now': { N: String(seconds) },
      ':least': { N: String(seconds - TOO_OLD_SECONDS) },
    },
  };
  let count = 0;
  let start: unknown;
  do {
    // Each page begins where the one before ended.
    // oxlint-disable no-await-in-loop
    const page = await dynamodb('Scan', {
      TableName: name,
      FilterExpression: '#ttl <= :now AND #ttl > :least',
      ...isExpired,
      ...(start !== undefined && { ExclusiveStartKey: start }),
    });
    const items = Array.isArray(page['Items']) ? (page['Items'] as Readonly<Record<string, unknown>>[]) : [];
    for (const item of items) {
      const key = Object.fromEntries(keys.map((attribute) => [attribute, item[attribute]]));
      onExpire(name, key);
      if (await removeIfExpired(dynamodb, name, key, isExpired)) count += 1;
    }
    start = page['LastEvaluatedKey'];
    // oxlint-enable no-await-in-loop
  } while (start !== undefined);
  return count;
}

/** Somebody may have given the item more time since it was read. */
async function removeIfExpired(
  dynamodb: ServiceCall,
  table: string,
  key: unknown,
  isExpired: object,
): Promise<boolean> {
  try {
    const condition = '#ttl <= :now AND #ttl > :least';
    await dynamodb('DeleteItem', {
      TableName: table,
      Key: key,
      ConditionExpression: condition,
      ...isExpired,
    });
    return true;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}
