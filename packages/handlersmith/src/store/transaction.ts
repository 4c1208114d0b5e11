/**
 * The transaction of W3, built: what is written, and the reason for each condition.
 *
 * @module
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
import type { TransactWriteItem, TransactWriteItemsCommandInput } from '@aws-sdk/client-dynamodb';

import type { Attempt } from './attempt.ts';
import { type Item, toItem } from './item.ts';
import { digest } from './names.ts';
import { expirationOf, recordAttributes, recordKey } from './record.ts';
import { retirement } from './retired.ts';
import { ATTRIBUTE, signatureOf } from './row.ts';
import type { RecordTable } from './settings.ts';
import type { BlobReference, RowKey, TransactionItem } from './types.ts';

/** There is no such row yet. */
export interface CreateRow {
  readonly kind: 'create';
  readonly attributes: object;
}

/** What becomes of the row. */
export type RowChange =
  | CreateRow
  /** It gets another blob and other attributes; those that are not named stay. */
  | { readonly kind: 'replace'; readonly attributes: object; readonly previous: Previous }
  | { readonly kind: 'remove'; readonly previous: Previous };

/** The row as it must still be. */
export interface Previous {
  /** Its blob, which is retired; `undefined` where it has none. */
  readonly blob: BlobReference | undefined;
  /** Attributes the caller expects. */
  readonly expected: Readonly<Record<string, string | number | boolean>>;
}

/** A write, ready to be committed. */
export interface Draft {
  /** Name of the write. */
  readonly write: string;
  readonly id: string;
  readonly rowKey: RowKey;
  /** Under which the blob was staged. */
  readonly generation: number;
  /** Counts the drafts of an attempt: each is a transaction of its own. */
  readonly round: number;
  readonly fingerprint: string;
  /** What was staged; with a removal what goes. */
  readonly blob: BlobReference | undefined;
  /** What `respond()` gave, as JSON. */
  readonly response: string | undefined;
  readonly change: RowChange;
  readonly also: readonly TransactionItem[];
}

/**
 * The request that commits a draft: the record, then the row, then what goes with them.
 *
 * Made once for all tries of a draft: DynamoDB refuses a token that comes again with anything else in it, a time to
 * live a second later say.
 */
export function transactionOf(
  attempt: Attempt,
  records: RecordTable,
  draft: Draft,
): TransactWriteItemsCommandInput {
  return {
    ClientRequestToken: tokenOf(attempt, draft),
    TransactItems: [
      { Put: recordPut(attempt, records, draft) },
      rowItem(attempt, draft),
      ...retirement(attempt.settings, records, draft),
      ...(draft.also as readonly TransactWriteItem[]), // as the API takes them: it says itself what is wrong
    ],
  };
}

/** The same for every try of a draft, and for no other: DynamoDB then applies it once. */
function tokenOf(attempt: Attempt, { write, round }: Draft): string {
  return digest(`${attempt.id} ${write} ${round}`).slice(0, 36);
}

/** The record, committed. */
function recordPut(
  attempt: Attempt,
  records: RecordTable,
  draft: Draft,
): NonNullable<TransactWriteItem['Put']> {
  const { write, generation, fingerprint, blob, rowKey, id, response } = draft;
  return {
    TableName: records.table,
    Item: {
      ...recordKey(records, write),
      [records.expiration]: { N: String(expirationOf(attempt.settings)) },
      ...recordAttributes({
        state: 'C',
        attempt: attempt.id,
        generation,
        fingerprint,
        blob,
        rowKey,
        id,
        response,
      }),
    },
    ...openAt(generation, records.partitionKey, ['state'], ['generation']),
  };
}

/**
 * The condition under which a write may be committed.
 *
 * - Not committed yet (I2): one effect for one key, however many attempts there are.
 * - Still of the generation the blob was staged under (I1): the sweep raises it before it deletes. Had a record been
 *   there and been fenced, its absence now would mean that even the fence has expired: above generation 0 an absent
 *   record is therefore a refusal too.
 *
 * @param attribute - one that each such item has
 */
export function openAt(
  generation: number,
  attribute: string,
  state: readonly string[],
  generationPath: readonly string[],
): ConditionParts {
  const names: Record<string, string> = {};
  const path = (parts: readonly string[]): string =>
    parts
      .map((part) => {
        names[`#${part}`] = part;
        return `#${part}`;
      })
      .join('.');
  const open = `${path(state)} <> :committed AND ${path(generationPath)} = :generation`;
  if (generation === 0) names['#key'] = attribute;
  return {
    ConditionExpression: generation === 0 ? `attribute_not_exists(#key) OR (${open})` : open,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ':committed': { S: 'C' }, ':generation': { N: String(generation) } },
    // The winner's record comes back with the refusal: the loser answers without another request.
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

interface ConditionParts {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Item;
  readonly ReturnValuesOnConditionCheckFailure: 'ALL_OLD';
}

function rowItem(attempt: Attempt, { write, fingerprint, rowKey, blob, change }: Draft): TransactWriteItem {
  const { table } = attempt.settings;
  const key = toItem('rowKey()', rowKey);
  const ours = { [ATTRIBUTE.blob]: blob, [ATTRIBUTE.writtenBy]: signatureOf(write, fingerprint) };
  const returned = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
  if (change.kind === 'create') {
    const [attribute = ''] = Object.keys(key);
    return {
      Put: {
        TableName: table,
        Item: {
          ...toItem('row()', { ...change.attributes, ...ours }),
          ...key,
        },
        // There is no such row. A retry that comes after its record has expired finds the row, which says by whom it
        // was written, and does not write it again (I2). A row of somebody else is not overwritten, its blob not lost.
        ConditionExpression: 'attribute_not_exists(#key)',
        ExpressionAttributeNames: { '#key': attribute },
        ...returned,
      },
    };
  }
  const names: Record<string, string> = {};
  const values: Item = {};
  const condition = unchanged(rowKey, change.previous, names, values);
  const parts = {
    TableName: table,
    Key: key,
    ConditionExpression: condition,
    ExpressionAttributeNames: names,
    ...returned,
  };
  if (change.kind === 'remove') {
    return {
      Delete: {
        ...parts,
        ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
      },
    };
  }
  const sets = Object.entries(
    toItem('row()', {
      ...withoutKey(change.attributes, rowKey),
      ...ours,
    }),
  ).map(([name, value], index) => {
    names[`#s${index}`] = name;
    values[`:s${index}`] = value;
    return `#s${index} = :s${index}`;
  });
  return {
    Update: { ...parts, UpdateExpression: `SET ${sets.join(', ')}`, ExpressionAttributeValues: values },
  };
}

/**
 * The row is still there with the blob it had when it was read. That blob is retired in the same transaction: were it
 * another by now, the one that went with it would stay for ever, and one in use would be deleted (I1, I4). And it is
 * as the caller expects it.
 */
function unchanged(
  rowKey: RowKey,
  { blob, expected }: Previous,
  names: Record<string, string>,
  values: Item,
): string {
  names['#blob'] = ATTRIBUTE.blob;
  const conditions: string[] = [];
  if (blob === undefined) {
    names['#row'] = Object.keys(rowKey)[0] ?? '';
    conditions.push('attribute_exists(#row)', 'attribute_not_exists(#blob)');
  } else {
    names['#key'] = 'key';
    values[':previous'] = { S: blob.key };
    conditions.push('#blob.#key = :previous');
  }
  for (const [index, [name, value]] of Object.entries(Object.entries(toItem('expect', expected)))) {
    names[`#e${index}`] = name;
    values[`:e${index}`] = value;
    conditions.push(`#e${index} = :e${index}`);
  }
  return conditions.join(' AND ');
}

function withoutKey(attributes: object, rowKey: RowKey): object {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !Object.hasOwn(rowKey, name)));
}
