import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { serviceCall } from '../mapping/index.ts';
import { endWork, startEnding } from './ending.ts';
import type { LocalApp } from './local-app.ts';
import { playTemplate } from './play.ts';

let folder: string;
let app: LocalApp | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handlersmith-stop-'));
});
afterEach(async () => {
  await app?.stop();
  app = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function play(resources: string, source: string): Promise<LocalApp> {
  writeFileSync(
    join(folder, 'template.yaml'),
    `Transform: AWS::Serverless-2016-10-31\nResources:\n${resources}`,
  );
  writeFileSync(join(folder, 'handler.ts'), source);
  app = await playTemplate(join(folder, 'template.yaml'), { watch: false });
  return app;
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 15_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('It did not come to that');
    // Looking again is the point.
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const lambda = (events: string): string => `
  Work:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, CodeUri: ., Handler: handler.work, Timeout: 300, Events: { ${events} } }`;

test('a part that does not end keeps no other alive, and is told of', async () => {
  const ended: string[] = [];
  const ending = startEnding();
  ending.add(async () => void ended.push('first'));
  ending.add(() => Promise.reject(new Error('stuck')));
  ending.add(async () => void ended.push('last'));
  await expect(ending.end()).rejects.toThrow('stuck');
  expect(ended).toEqual(['last', 'first']);
});

test('work has a moment to end by itself', async () => {
  const order: string[] = [];
  await endWork(
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      order.push('done');
    },
    async () => void order.push('cut off'),
  );
  expect(order).toEqual(['done', 'cut off']);
});

test('a function that hangs holds up the end for a moment only, and its message stays', async () => {
  const local = await play(
    `  Queue: { Type: AWS::SQS::Queue, Properties: { QueueName: work, VisibilityTimeout: 300 } }
${lambda('Mine: { Type: SQS, Properties: { Queue: !GetAtt Queue.Arn } }')}`,
    `export const work = () => new Promise(() => setInterval(() => {}, 1000));`,
  );
  local.aws.sqs.queue('work')?.send({ MessageBody: 'a' });
  await until(() => local.journal.entries().length > 0);
  const begun = Date.now();
  await local.stop();
  expect(Date.now() - begun).toBeLessThan(10_000);
  expect(local.journal.entries()[0]?.result?.ok).toBe(false);
}, 30_000);

test('what is put into a table as soon as it is there invokes, also from LATEST on', async () => {
  const local = await play(
    `  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: items
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      StreamSpecification: { StreamViewType: NEW_IMAGE }
${lambda('Mine: { Type: DynamoDB, Properties: { Stream: !GetAtt Table.StreamArn, StartingPosition: LATEST } }')}`,
    'export const work = () => 1;',
  );
  const { endpoint } = local.aws.dynamodb;
  await serviceCall('dynamodb', { endpoint, region: 'us-east-1' })('PutItem', {
    TableName: 'items',
    Item: { id: { S: 'a' } },
  });
  await until(() => local.journal.entries().length > 0);
  expect(local.journal.entries()[0]?.trigger.type).toBe('dynamodb');
}, 30_000);

test('an app that gathers a batch is not idle', async () => {
  const local = await play(
    `  Queue: { Type: AWS::SQS::Queue, Properties: { QueueName: work, VisibilityTimeout: 300 } }
${lambda('Mine: { Type: SQS, Properties: { Queue: !GetAtt Queue.Arn, MaximumBatchingWindowInSeconds: 2 } }')}`,
    'export const work = () => 1;',
  );
  local.aws.sqs.queue('work')?.send({ MessageBody: 'a' });
  await local.idle();
  expect(local.journal.entries()).toEqual([
    expect.objectContaining({ result: expect.objectContaining({ ok: true }) }),
  ]);
}, 30_000);
