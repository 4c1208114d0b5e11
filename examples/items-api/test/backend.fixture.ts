/**
 * The handler on a DynamoDB of its own.
 *
 * @module
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startDynamoDb } from '@handlersmith/local';
import type { HttpHandler } from 'handlersmith/http';

import { useLocalEnvironment } from '../local/environment.ts';
import { createTable } from '../local/table.ts';

export interface Backend {
  readonly handler: HttpHandler;
  stop(): Promise<void>;
}

const TABLE = 'items-test';

/**
 * Test files do not share modules, so each gets a handler that knows its own DynamoDB only.
 *
 * @param through - gives an endpoint in front of DynamoDB's own, for the handler to use
 */
export async function startBackend(
  through: (endpoint: string) => Promise<string> = (endpoint) => Promise.resolve(endpoint),
): Promise<Backend> {
  process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
  const dynamoDb = await startDynamoDb();
  const client = new DynamoDBClient(dynamoDb.clientConfig);
  await createTable(client, TABLE);
  client.destroy();
  useLocalEnvironment({ ...dynamoDb.clientConfig, endpoint: await through(dynamoDb.endpoint) }, TABLE);
  const { handler } = await import('../src/handler.ts');
  return { handler, stop: () => dynamoDb.stop() };
}
