import { afterEach, expect, test } from 'vitest';

import type { FunctionResult } from '../function/function.ts';
import type { AppGateway } from '../template/app.ts';
import type { InvokeForGateway } from './exchange.ts';
import { openTo } from './raw.fixture.ts';
import { serveGateway } from './serve.ts';
import type { LocalGateway } from './serve.ts';

const place = { file: 'template.yaml', line: 1 };
const started: LocalGateway[] = [];
let reported: string[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((gateway) => gateway.stop()));
  reported = [];
});

const answered = (payload: string | Uint8Array): FunctionResult => ({
  ok: true,
  payload,
  duration: 1,
  memoryUsed: 1,
});

async function serve(change: Partial<AppGateway>, invoke: InvokeForGateway): Promise<string> {
  const kind = change.kind ?? 'http-api';
  const local = await serveGateway(
    {
      id: 'Shop',
      name: 'abc123',
      arn: 'arn:aws:apigateway:eu-west-1::/apis/abc123',
      kind,
      stage: kind === 'rest-api' ? 'prod' : '$default',
      routes: [
        {
          method: 'ANY',
          path: kind === 'rest-api' ? '/{proxy+}' : '$default',
          function: 'F',
          payloadVersion: '2.0',
          timeout: 5_000,
          place,
        },
      ],
      binaryMediaTypes: [],
      place,
      ...change,
    },
    { invoke, report: (problem) => void reported.push(problem) },
  );
  started.push(local);
  return local.url;
}

test.each([
  ['http-api', 500],
  ['rest-api', 502],
  ['function-url', 502],
  ['alb', 502],
] as const)(
  'bytes that a function streams into %s, which does not stream, are malformed',
  async (kind, status) => {
    const url = await serve({ kind }, () =>
      Promise.resolve(answered(Buffer.from('{"statusCode":200}\0\0hello'))),
    );
    expect((await fetch(`${url}/x`)).status).toBe(status);
    expect(reported).toEqual([expect.stringContaining('malformed')]);
  },
);

test('a fault of ours is told, not only seen as a connection that breaks off', async () => {
  const url = await serve({}, () => Promise.reject(new Error('out of order')));
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  expect(reported).toEqual(['The answer broke off: out of order']);
});

test('a client that goes away in the middle of a streamed answer harms nobody', async () => {
  const gone = Promise.withResolvers<void>();
  const url = await serve({ kind: 'function-url', streams: true }, async ({ stream }) => {
    stream?.begin({ statusCode: 200 });
    stream?.write(Buffer.from('first'));
    await gone.promise;
    for (let n = 0; n < 100; n += 1) stream?.write(Buffer.alloc(10_000));
    return answered('null');
  });
  const socket = await openTo(url);
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await new Promise((resolve) => socket.once('data', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.resetAndDestroy();
  await closed;
  await new Promise((resolve) => setTimeout(resolve, 20));
  gone.resolve();
  const answer = await fetch(url);
  expect((await answer.arrayBuffer()).byteLength).toBe(1_000_005);
});

test('events have the id and the region that the template gives the API', async () => {
  let event: unknown;
  const url = await serve({ kind: 'rest-api' }, (invocation) => {
    event = JSON.parse(invocation.event);
    return Promise.resolve(answered('{"statusCode":200}'));
  });
  await fetch(`${url}/x`);
  expect(event).toMatchObject({ requestContext: { apiId: 'abc123' } });
  const balancer = await serve(
    { kind: 'alb', arn: 'arn:aws:elasticloadbalancing:eu-west-1::x' },
    (invocation) => {
      event = JSON.parse(invocation.event);
      return Promise.resolve(answered('{"statusCode":200}'));
    },
  );
  await fetch(balancer);
  expect(JSON.stringify(event)).toContain('arn:aws:elasticloadbalancing:eu-west-1:');
});
