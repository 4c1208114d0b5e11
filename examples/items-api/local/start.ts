/**
 * The whole of it on this machine: DynamoDB, the table, the function behind an HTTP API.
 *
 * @module
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { serveHttpApi, startDynamoDb } from '@handlersmith/local';

import { useLocalEnvironment } from './environment.ts';
import { createTable } from './table.ts';

const TABLE_NAME = 'items-local';

export interface LocalItemsApi {
  readonly url: string;
  readonly dynamoDbUrl: string;
  stop(): Promise<void>;
}

export interface LocalOptions {
  /** Port of the HTTP API. A free one if not given. */
  port?: number | undefined;
  /** Port to try first, where another will do. */
  preferredPort?: number;
}

export async function startItemsApi({ port, preferredPort }: LocalOptions = {}): Promise<LocalItemsApi> {
  const dynamoDb = await startDynamoDb();
  try {
    const client = new DynamoDBClient(dynamoDb.clientConfig);
    await createTable(client, TABLE_NAME);
    client.destroy();

    useLocalEnvironment(dynamoDb.clientConfig, TABLE_NAME);
    // Only now: it reads the environment when it is loaded, as in Lambda.
    const { handler } = await import('../src/handler.ts');
    const usual = port ?? preferredPort ?? 0;
    const api = await serveHttpApi(handler, { port: usual }).catch((error: unknown) => {
      if (port !== undefined) throw error;
      return serveHttpApi(handler);
    });
    return {
      url: api.url,
      dynamoDbUrl: dynamoDb.endpoint,
      async stop() {
        await api.stop();
        await dynamoDb.stop();
      },
    };
  } catch (error) {
    await dynamoDb.stop();
    throw error;
  }
}

/** A command to paste. */
export function curlFor(url: string): string {
  return `curl -i ${url}/items -H 'content-type: application/json' -d '{"name":"Lamp","price":4900}'`;
}
