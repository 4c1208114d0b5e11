/* oxlint-disable no-new -- that is how constructs are made */
// Makes the templates beside it, as CDK emits them: `npm install aws-cdk-lib@2.276.0 constructs@10 && node synth.mjs`
// in a copy of this folder. CDK is no dependency of this repository: the templates are what counts, and they are here.
import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { LambdaRestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, Billing, StreamViewType, TableV2, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as Lambda, Runtime, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';

const code = mkdtempSync(join(tmpdir(), 'code-'));
writeFileSync(join(code, 'handler.mjs'), 'export const handler = async () => ({ statusCode: 204 });\n');

// What the command line of CDK sets.
const cli = { 'aws:cdk:enable-asset-metadata': true, 'aws:cdk:enable-path-metadata': true };
const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'cdk-')), context: cli });
itemsApi(new Stack(app, 'items-api'));
uploads(new Stack(app, 'uploads'));
const { directory } = app.synth();
for (const name of ['items-api', 'uploads']) {
  copyFileSync(join(directory, `${name}.template.json`), join(import.meta.dirname, `${name}.template.json`));
}

/** What examples/items-api/template.yaml declares, with constructs. */
function itemsApi(stack) {
  const items = new TableV2(stack, 'Items', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  });
  const handler = new Lambda(stack, 'Function', {
    runtime: Runtime.NODEJS_22_X,
    code: Code.fromAsset(code),
    handler: 'handler.handler',
    memorySize: 512,
    timeout: Duration.seconds(10),
    environment: { TABLE_NAME: items.tableName, ALLOWED_ORIGIN: 'https://app.example.com' },
  });
  items.grantReadWriteData(handler);
  const api = new HttpApi(stack, 'Api', { defaultIntegration: new HttpLambdaIntegration('Items', handler) });
  new CfnOutput(stack, 'Url', { value: api.apiEndpoint });
  new CfnOutput(stack, 'TableName', { value: items.tableName });
}

/** The other triggers, in the shapes that CDK gives them. */
function uploads(stack) {
  const make = (id, more = {}) =>
    new Lambda(stack, id, {
      runtime: Runtime.NODEJS_22_X,
      code: Code.fromAsset(code),
      handler: 'handler.handler',
      ...more,
    });

  const bucket = new Bucket(stack, 'Uploads', { versioned: true });
  const thumbnail = make('Thumbnail', { timeout: Duration.seconds(20), reservedConcurrentExecutions: 5 });
  bucket.addEventNotification(EventType.OBJECT_CREATED, new LambdaDestination(thumbnail), {
    prefix: 'in/',
    suffix: '.png',
  });

  const dead = new Queue(stack, 'Dead');
  const work = new Queue(stack, 'Work', {
    visibilityTimeout: Duration.seconds(60),
    deadLetterQueue: { queue: dead, maxReceiveCount: 3 },
  });
  make('Worker').addEventSource(new SqsEventSource(work, { batchSize: 5, reportBatchItemFailures: true }));

  const table = new Table(stack, 'Rows', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    stream: StreamViewType.NEW_AND_OLD_IMAGES,
    timeToLiveAttribute: 'expires',
  });
  make('Changes').addEventSource(
    new DynamoEventSource(table, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      bisectBatchOnError: true,
      retryAttempts: 3,
    }),
  );

  const report = make('Report', { retryAttempts: 1, maxEventAge: Duration.hours(1) });
  new Rule(stack, 'Nightly', {
    schedule: Schedule.cron({ hour: '2', minute: '0' }),
    targets: [new LambdaFunction(report)],
  });

  const rest = new LambdaRestApi(stack, 'Rest', {
    handler: make('RestHandler'),
    proxy: false,
    defaultCorsPreflightOptions: { allowOrigins: ['https://app.example.com'], allowMethods: ['GET', 'POST'] },
  });
  rest.root.addResource('rows').addResource('{id}').addMethod('GET');
}
