/**
 * A real S3 API on this machine.
 *
 * @module
 */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

import { S3Client } from '@aws-sdk/client-s3';
import { startS3 } from '@handlersmith/local';

/** An S3 API with one bucket, `test-bucket`. */
export interface Server {
  readonly client: S3Client;
  stop(): Promise<void>;
}

/** Starts the S3 of `@handlersmith/local`. */
export async function startServer(): Promise<Server> {
  const s3 = await startS3({ buckets: ['test-bucket'] });
  const client = new S3Client({ ...s3.clientConfig, maxAttempts: 1 });
  return {
    client,
    stop: async () => {
      client.destroy();
      await s3.close();
    },
  };
}

/** Starts a stand-in, for answers that no S3 server here can be made to give. */
export async function startStub(answer: RequestListener): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // it listens on a port
  const client = clientOf(`http://127.0.0.1:${port}`);
  return {
    client,
    stop: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function clientOf(endpoint: string): S3Client {
  return new S3Client({
    endpoint,
    forcePathStyle: true,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
}
