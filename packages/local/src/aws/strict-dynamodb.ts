/**
 * What a DynamoDB does that DynamoDB would not.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';

import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

import type { StrictOptions } from './strict.ts';

type Asked = NonNullable<StrictOptions['dynamoDb']>;

/** @returns one line for each finding */
export async function laxnessOfDynamoDb({
  client,
  table,
  partitionKey,
  sortKey,
}: Asked): Promise<readonly string[]> {
  const id = { S: `handlersmith-strict/${randomUUID()}` };
  const key: Record<string, AttributeValue> = {
    [partitionKey]: id,
    ...(sortKey !== undefined && { [sortKey]: id }),
  };
  const condition = {
    TableName: table,
    ConditionExpression: 'attribute_not_exists(#key)',
    ExpressionAttributeNames: { '#key': partitionKey },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
  const put = { ...condition, Item: { ...key, mark: { S: 'first' } } };
  try {
    await client.send(new PutItemCommand(put));
    const alone = await thrownBy(client.send(new PutItemCommand(put)));
    const together = await thrownBy(
      client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: put }] })),
    );
    return [
      ...told('a put', alone instanceof ConditionalCheckFailedException ? alone.Item : undefined),
      ...told(
        'a transaction',
        together instanceof TransactionCanceledException
          ? together.CancellationReasons?.[0]?.Item
          : undefined,
      ),
    ];
  } finally {
    await client.send(new DeleteItemCommand({ TableName: table, Key: key }));
  }
}

function told(what: string, item: Record<string, AttributeValue> | undefined): readonly string[] {
  return item?.['mark']?.S === 'first'
    ? []
    : [
        `DynamoDB: ${what} whose condition fails must be refused, and give the item that is there; this server did not`,
      ];
}

function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
