/**
 * The function that is killed: a handler that writes, and an HTTP server in front of it. A process of its own, and
 * nothing in it knows of the test.
 *
 * @module
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { request } from '@handlersmith/testing';

import { httpHandler, ok } from '../../../src/http/index.ts';
import { blobStore } from '../../../src/store/index.ts';
import { BUCKET, ROWS } from '../simulation/names.ts';
import { ask, type Ask, type RowName } from '../simulation/writes.ts';

const {
  S3_ENDPOINT: s3Endpoint = '',
  DYNAMODB_ENDPOINT: dynamoEndpoint = '',
  SCOPE: scope = '',
  RECORDS: records = '',
} = process.env;

const config = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

const store = blobStore<RowName>({
  bucket: BUCKET,
  table: ROWS,
  prefix: `${scope}/`,
  rowKey: (id, of) => ({ scope: of, id }),
  records: { table: records },
  limits: { readerGrace: 0 },
  s3: new S3Client({ ...config, endpoint: s3Endpoint, forcePathStyle: true }),
  dynamodb: new DynamoDBClient({ ...config, endpoint: dynamoEndpoint }),
});

const handler = httpHandler({ logger: false }, async ({ rawBody }) => {
  const what = JSON.parse(new TextDecoder().decode(rawBody)) as Ask; // as the clients of the test send it
  const { response, status, id } = await ask({ store, scope, compact: false }, what, {
    controller: new AbortController(),
    remaining: 5000,
  });
  return ok({ response, status, id });
});

const server = createServer((incoming, outgoing) => {
  void (async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer); // no encoding is set: chunks are buffers
    const answer = await request(handler, 'POST /', {
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array(Buffer.concat(chunks)),
    });
    outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text());
  })();
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.stdout.write(`${(server.address() as AddressInfo).port}\n`); // listening on TCP: it has one
