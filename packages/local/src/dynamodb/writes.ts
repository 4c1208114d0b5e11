/**
 * Which request wrote which item: a stream does not say, and people want to know.
 *
 * @module
 */

/** Items that are remembered. */
const REMEMBERED = 20_000;

type Json = Readonly<Record<string, unknown>>;

export interface Writes {
  /** Looks at a request on its way to DynamoDB. A trace is that of the invocation it comes from. */
  readonly see: (operation: string, input: unknown, trace: string | undefined) => void;
  /** Remembers that an item was deleted because its time was over. */
  readonly expire: (table: string, keys: unknown) => void;
  /** Trace header of the last request that wrote the item. */
  readonly traceOf: (table: string, keys: unknown) => string | undefined;
  /** Whether the last to delete the item was its own expiry. */
  readonly isExpired: (table: string, keys: unknown) => boolean;
}

/** @param keyNamesOf - names of a table's key attributes, where they are known */
export function rememberWrites(keyNamesOf: (table: string) => readonly string[] | undefined): Writes {
  const traces = new Map<string, string>();
  const expired = new Set<string>();

  const written = (table: unknown, item: unknown, trace: string | undefined): void => {
    if (typeof table !== 'string' || !isObject(item)) return;
    const names = keyNamesOf(table);
    if (names === undefined) return;
    const id = idOf(table, Object.fromEntries(names.map((name) => [name, item[name]])));
    expired.delete(id);
    // Written anew, so that the oldest are the first; by nobody known, what was known is wrong.
    traces.delete(id);
    if (trace === undefined) return;
    traces.set(id, trace);
    forgetOldest(traces);
  };

  return {
    see(operation, input, trace) {
      if (!isObject(input)) return;
      for (const [table, item] of writesOf(operation, input)) written(table, item, trace);
    },
    expire(table, keys) {
      expired.add(idOf(table, keys));
      forgetOldest(expired);
    },
    traceOf: (table, keys) => traces.get(idOf(table, keys)),
    isExpired: (table, keys) => expired.has(idOf(table, keys)),
  };
}

function forgetOldest(remembered: Map<string, unknown> | Set<string>): void {
  const [oldest] = remembered.keys();
  if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
}

/** Table and item, or its keys, of each write of a request. */
function writesOf(operation: string, input: Json): (readonly [unknown, unknown])[] {
  switch (operation) {
    case 'PutItem':
      return [[input['TableName'], input['Item']]];
    case 'UpdateItem':
    case 'DeleteItem':
      return [[input['TableName'], input['Key']]];
    case 'BatchWriteItem':
      return Object.entries(isObject(input['RequestItems']) ? input['RequestItems'] : {}).flatMap(
        ([table, requests]) => listOf(requests).map((request) => [table, itemOf(request)] as const),
      );
    case 'TransactWriteItems':
      return listOf(input['TransactItems']).flatMap((action) =>
        Object.values(action).map((write) =>
          isObject(write)
            ? ([write['TableName'], write['Item'] ?? write['Key']] as const)
            : ([undefined, undefined] as const),
        ),
      );
    default:
      return [];
  }
}

function itemOf({ PutRequest: put, DeleteRequest: remove }: Json): unknown {
  if (isObject(put)) return put['Item'];
  return isObject(remove) ? remove['Key'] : undefined;
}

/** Keys in any order are the same keys. */
function idOf(table: string, keys: unknown): string {
  const sorted = isObject(keys)
    ? Object.entries(keys).toSorted(([one], [other]) => (one < other ? -1 : 1))
    : keys;
  return `${table}\n${JSON.stringify(sorted)}`;
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
