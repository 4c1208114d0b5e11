/** Subscribers that are HTTP endpoints on this machine. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { startFixture } from './server.fixture.ts';
import type { Fixture } from './server.fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

/** An endpoint on this machine that gives these answers, then 200. */
async function endpoint(
  answers: number[] = [],
): Promise<
  AsyncDisposable & { url: string; got: { headers: IncomingHttpHeaders; body: Record<string, string> }[] }
> {
  const got: { headers: IncomingHttpHeaders; body: Record<string, string> }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      // An envelope is a JSON object of strings.
      got.push({
        headers: request.headers,
        body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>,
      });
      const confirms = request.headers['x-amz-sns-message-type'] === 'SubscriptionConfirmation';
      response.writeHead(confirms ? 200 : (answers.shift() ?? 200)).end();
    });
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    url: `http://127.0.0.1:${port}/hook`,
    got,
    [Symbol.asyncDispose]: () => new Promise((done) => void server.close(() => done())),
  };
}

describe('an HTTP endpoint', () => {
  test('confirms by the link it is sent, gets messages from then on, and leaves by a link', async () => {
    await using hook = await endpoint();
    const topic = await fixture.create('topic');
    expect(await fixture.subscribe(topic, 'http', hook.url)).toBe('pending confirmation');
    await fixture.publish(topic, 'too early');
    await expect.poll(() => hook.got).toHaveLength(1);
    expect(hook.got[0]?.headers['x-amz-sns-message-type']).toBe('SubscriptionConfirmation');
    const confirmed = await fetch(hook.got[0]?.body['SubscribeURL'] ?? '');
    expect(await confirmed.text()).toContain(`<SubscriptionArn>${topic}:`);

    await fixture.publish(topic, 'in time');
    await expect.poll(() => hook.got).toHaveLength(2);
    expect(hook.got[1]?.headers).toMatchObject({
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-topic-arn': topic,
    });
    expect(hook.got[1]?.body['Message']).toBe('in time');
    await fetch(hook.got[1]?.body['UnsubscribeURL'] ?? '');
    expect(fixture.sns.topics()[0]?.subscriptions).toEqual([]);
  });

  test('is tried again after 20 seconds, three times, and not at all where it refuses', async () => {
    await using hook = await endpoint([500, 429, 503, 200, 404]);
    const topic = await fixture.create('topic');
    await fixture.subscribe(topic, 'http', hook.url);
    await expect.poll(() => hook.got).toHaveLength(1);
    await fetch(hook.got[0]?.body['SubscribeURL'] ?? '');
    await fixture.publish(topic, 'x');
    for (const seen of [2, 3, 4, 5]) {
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      await expect
        .poll(() => {
          if (hook.got.length < seen) fixture.clock.advance(20_000);
          return hook.got.length;
        })
        .toBe(seen);
    }
    expect(new Set(hook.got.slice(1).map(({ headers }) => headers['x-amz-sns-message-id'])).size).toBe(1);
    expect(fixture.problems).toEqual([]);
    await fixture.publish(topic, 'refused');
    await expect.poll(() => fixture.problems).toEqual([expect.stringContaining('it answered 404')]);
  });
});
