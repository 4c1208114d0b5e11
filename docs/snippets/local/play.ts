import { join } from 'node:path';

import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { playTemplate } from '@handlersmith/local';
import { afterAll, expect, test } from 'vitest';

const app = await playTemplate(join(import.meta.dirname, 'app/template.yaml'), { watch: false });
afterAll(() => app.stop());

const nameOf = (id: string): string =>
  [...app.app.tables, ...app.app.queues].find((one) => one.id === id)?.name ?? '';

test('an order in the queue becomes a row', async () => {
  app.aws.sqs.queue(nameOf('Work'))?.send({ MessageBody: '{"id":"o-1","amount":3}' });
  await app.idle();

  const database = new DynamoDBClient({ ...app.aws.clientConfig, endpoint: app.aws.dynamodb.endpoint });
  const { Item } = await database.send(
    new GetItemCommand({ TableName: nameOf('Orders'), Key: { id: { S: 'o-1' } } }),
  );
  expect(Item?.['amount']).toEqual({ N: '3' });
});

test('an order that cannot be read comes back, until the dead-letter queue has it', async () => {
  app.aws.sqs.queue(nameOf('Work'))?.send({ MessageBody: 'no order' });
  await app.idle();
  app.clock.advance(60_000); // the visibility timeout
  await expect.poll(() => app.journal.entries().at(-1)?.attempt).toBe(2);
  await app.idle();
  app.clock.advance(60_000);
  await expect.poll(() => app.aws.sqs.queue(nameOf('Dead'))?.messages().length).toBe(1);
});
