import { EventEmitter, once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { serveHttpApi } from './handler.ts';
import type { HttpApiHandler, LocalHttpApi, ServeHttpApiOptions } from './handler.ts';
import { openTo, sendRaw } from './raw.fixture.ts';

const quiet = { onProblem: () => {} } satisfies ServeHttpApiOptions;

/** Serves a handler for the length of one test. */
async function withApi<Result>(
  handler: HttpApiHandler,
  options: ServeHttpApiOptions,
  run: (api: LocalHttpApi) => Promise<Result>,
): Promise<Result> {
  await using api = await serveHttpApi(handler, { ...quiet, ...options });
  return await run(api);
}

const echo: HttpApiHandler = (event) => ({ statusCode: 200, body: JSON.stringify(event) });
const eventOf = (text: string): APIGatewayProxyEventV2 => JSON.parse(text) as APIGatewayProxyEventV2;

describe('the event', () => {
  let api: LocalHttpApi;

  beforeAll(async () => {
    api = await serveHttpApi(echo, quiet);
  });
  afterAll(() => api.stop());

  const get = async (target: string, headers = ''): Promise<APIGatewayProxyEventV2> =>
    eventOf(
      (
        await sendRaw(
          api.url,
          `GET ${target} HTTP/1.1\r\nHost: api.local:1\r\nConnection: close\r\n${headers}\r\n`,
        )
      ).body,
    );

  test('H8 without a named stage the path is the path; H6 the query is as sent, and decoded beside it', async () => {
    const event = await get('/items/x?tag=a%20b&tag=c+d&empty=&bare&%F0%9F%8D%8B=1');
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/items/x',
      rawQueryString: 'tag=a%20b&tag=c+d&empty=&bare&%F0%9F%8D%8B=1',
      queryStringParameters: { tag: 'a b,c d', empty: '', bare: '', '🍋': '1' },
      isBase64Encoded: false,
    });
    expect(event.requestContext.http).toMatchObject({
      method: 'GET',
      path: '/items/x',
      protocol: 'HTTP/1.1',
      sourceIp: '127.0.0.1',
    });
  });

  test('H6 without a query there are no parameters, and rawQueryString is empty', async () => {
    const event = await get('/items');
    expect(event.rawQueryString).toBe('');
    expect(event).not.toHaveProperty('queryStringParameters');
    expect(event).not.toHaveProperty('cookies');
    expect(event).not.toHaveProperty('body');
  });

  test.each([
    ['/a%2Fb', '/a/b'],
    ['/caf%C3%A9', '/café'],
    ['/100%2525', '/100%25'],
    ['/a+b', '/a+b'],
    ['//evil.example/x', '//evil.example/x'],
    ['/a/../b', '/a/../b'],
    ['http://other.example/path?x=1', '/path'],
  ])('H7 an HTTP API hands over the path decoded once: %s', async (target, path) => {
    expect((await get(target)).rawPath).toBe(path);
  });

  test('H7 a path that is not percent-encoding is refused before the function', async () => {
    const answer = await sendRaw(api.url, 'GET /a%E0%A4%A HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(answer).toMatchObject({ status: 400, body: '{"message":"Bad Request"}' });
  });

  test('H2 header names are lower-cased and repeats joined by a comma, in order', async () => {
    const { headers } = await get('/', 'X-Tag: one\r\nx-tag: two\r\nX-TAG: on\r\nX-Name: J\u00fcrgen\r\n');
    expect(headers).toMatchObject({
      'x-tag': 'one,two,on',
      'x-name': 'Jürgen',
      host: 'api.local:1',
      'content-length': '0',
    });
    expect(headers).not.toHaveProperty('connection');
    expect(Object.keys(headers).filter((name) => name !== name.toLowerCase())).toEqual([]);
  });

  test('the gateway adds its own headers, and keeps a proxy chain', async () => {
    const { headers } = await get('/', 'X-Forwarded-For: 203.0.113.9\r\n');
    expect(headers['x-forwarded-for']).toBe('203.0.113.9, 127.0.0.1');
    expect(headers['x-amzn-trace-id']).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/u);
    expect((await get('/', 'X-Amzn-Trace-Id: Root=1-a-b\r\n')).headers['x-amzn-trace-id']).toBe('Root=1-a-b');
  });

  test('H9 cookies stand apart, from any number of lines, and commas stay inside them', async () => {
    const event = await get('/', 'Cookie: a=1; b=Wed, 21 Oct\r\nCookie: c=3\r\n');
    expect(event.cookies).toEqual(['a=1', 'b=Wed, 21 Oct', 'c=3']);
    expect(event.headers).not.toHaveProperty('cookie');
  });

  test('a __proto__ header, query or cookie is data', async () => {
    const event = await get('/?__proto__=q&constructor=c', '__proto__: h\r\nCookie: __proto__=k\r\n');
    expect(Object.entries(event.queryStringParameters ?? {})).toEqual([
      ['__proto__', 'q'],
      ['constructor', 'c'],
    ]);
    expect(Object.entries(event.headers)).toContainEqual(['__proto__', 'h']);
  });

  test.each([
    ['application/json', false],
    ['Application/JSON; charset=utf-8', false],
    ['text/plain', false],
    ['application/xml', false],
    ['application/javascript', false],
    ['application/vnd.api+json', true],
    ['application/x-www-form-urlencoded', true],
    ['application/octet-stream', true],
    ['application/jsonp', true],
    ['image/svg+xml', true],
  ])('H3 a body of type %s: base64 is %s', async (contentType, isBase64Encoded) => {
    const answer = await fetch(api.url, {
      method: 'POST',
      body: '{"ä":1}',
      headers: { 'content-type': contentType },
    });
    const event = eventOf(await answer.text());
    expect(event.isBase64Encoded).toBe(isBase64Encoded);
    expect(Buffer.from(event.body ?? '', isBase64Encoded ? 'base64' : 'utf8').toString()).toBe('{"ä":1}');
    expect(event.headers['content-length']).toBe('8');
  });

  test('H3 every byte of a body without a type arrives; so does a chunked one', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const chunked = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.subarray(0, 100));
        controller.enqueue(bytes.subarray(100));
        controller.close();
      },
    });
    const answer = await fetch(api.url, { method: 'POST', body: chunked, duplex: 'half' });
    const event = eventOf(await answer.text());
    expect(event.isBase64Encoded).toBe(true);
    expect(Buffer.from(event.body ?? '', 'base64')).toEqual(bytes);
    expect(event.headers).not.toHaveProperty('transfer-encoding');
    expect(event.headers['content-length']).toBe('256');
  });

  test('the request context: a new id for each request, and the time of it', async () => {
    const before = Date.now();
    const [first, second] = await Promise.all([get('/'), get('/')]);
    expect(first.requestContext.requestId).not.toBe(second.requestContext.requestId);
    expect(first.requestContext.requestId).toMatch(/^[\w-]{15}=$/u);
    expect(first.requestContext.timeEpoch).toBeGreaterThanOrEqual(before);
    expect(first.requestContext.time).toMatch(/^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/u);
    expect(first.requestContext.stage).toBe('$default');
    const time = first.requestContext.time.replace(
      /(\d{2})\/(\w{3})\/(\d{4}):(.*) \+0000/u,
      '$1 $2 $3 $4 GMT',
    );
    expect(Date.parse(time)).toBe(Math.floor(first.requestContext.timeEpoch / 1000) * 1000);
  });
});

describe('a named stage', () => {
  test('H8 stands in the path; what is outside of it is not found', async () => {
    await withApi(
      (event) => `${event.requestContext.stage} ${event.rawPath}`,
      { stage: 'dev' },
      async (api) => {
        expect(api.url).toMatch(/\/dev$/u);
        expect(await (await fetch(`${api.url}/items`)).json()).toBe('dev /dev/items');
        expect(await (await fetch(api.url)).json()).toBe('dev /dev');
        const outside = await fetch(api.url.replace('/dev', '/device'));
        expect([outside.status, await outside.json()]).toEqual([404, { message: 'Not Found' }]);
      },
    );
  });
});

describe('the context', () => {
  test('is fresh for each invocation and counts down from the timeout', async () => {
    const seen: Context[] = [];
    const handler: HttpApiHandler = async (_event, context) => {
      seen.push(context);
      const before = context.getRemainingTimeInMillis();
      await delay(30);
      return [before, context.getRemainingTimeInMillis()];
    };
    await withApi(handler, { timeout: 3_000 }, async (api) => {
      const [before, after] = (await (await fetch(api.url)).json()) as [number, number];
      expect(before).toBeGreaterThan(2_900);
      expect(before).toBeLessThanOrEqual(3_000);
      expect(before - after).toBeGreaterThanOrEqual(29);
      await fetch(api.url);
      expect(seen[0]?.awsRequestId).not.toBe(seen[1]?.awsRequestId);
    });
  });
});

const answerOf = (answer: unknown, init?: RequestInit): Promise<Response & { text: () => Promise<string> }> =>
  withApi(
    () => answer,
    {},
    async (api) => {
      const response = await fetch(api.url, init);
      return new Response(response.body === null ? null : await response.arrayBuffer(), {
        status: response.status,
        headers: response.headers,
      });
    },
  );

describe('the answer', () => {
  test.each([
    [{ message: 'hi' }, '{"message":"hi"}'],
    ['hi', '"hi"'],
    [[1, 2], '[1,2]'],
    [null, 'null'],
    [undefined, 'null'],
    [{ body: 'a body without a status' }, '{"body":"a body without a status"}'],
  ])('H12 without a statusCode the whole of it is a 200 JSON body: %j', async (answer, body) => {
    const response = await answerOf(answer);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe(body);
  });

  test('status, headers of all kinds, and text', async () => {
    const response = await answerOf({
      statusCode: 418,
      headers: { 'X-Count': 3, 'x-flag': true, 'Content-Length': '999' },
      body: 'çay',
    });
    expect(response.status).toBe(418);
    expect(response.headers.get('x-count')).toBe('3');
    expect(response.headers.get('x-flag')).toBe('true');
    expect(response.headers.get('content-type')).toBe('text/plain;charset=UTF-8');
    expect(await response.text()).toBe('çay');
  });

  test('H14 a base64 body is sent as bytes', async () => {
    const bytes = Buffer.from([0, 255, 1, 254]);
    const response = await answerOf({
      statusCode: 200,
      isBase64Encoded: true,
      body: bytes.toString('base64'),
      headers: { 'content-type': 'image/png' },
    });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
  });

  test('H9 each cookie is a Set-Cookie line of its own', async () => {
    const cookies = ['a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT', 'b=2'];
    expect((await answerOf({ statusCode: 200, cookies })).headers.getSetCookie()).toEqual(cookies);
  });

  test.each([204, 304])('H13 a %s has neither body nor length', async (statusCode) => {
    await withApi(
      () => ({ statusCode, body: 'not sent' }),
      {},
      async (api) => {
        const answer = await sendRaw(api.url, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
        expect(answer.status).toBe(statusCode);
        expect(answer.body).toBe('');
        expect(answer.lines.filter((line) => /^(?:content-length|transfer-encoding)/iu.test(line))).toEqual(
          [],
        );
      },
    );
  });

  test('H13 HEAD has the length and no body, and the connection stays usable', async () => {
    await withApi(
      () => ({ statusCode: 200, body: 'four' }),
      {},
      async (api) => {
        const head = 'Host: x\r\n';
        const answer = await sendRaw(
          api.url,
          `HEAD / HTTP/1.1\r\n${head}\r\nGET / HTTP/1.1\r\n${head}Connection: close\r\n\r\n`,
        );
        expect(answer.lines).toContain('content-length: 4');
        expect(answer.body).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nfour$/u);
      },
    );
  });

  test.each([
    ['a status that is text', { statusCode: '200' }],
    ['a status that is none', { statusCode: 99 }],
    ['a fractional status', { statusCode: 200.5 }],
    ['an interim status', { statusCode: 101 }],
    ['an object for a body', { statusCode: 200, body: {} }],
    ['a list for headers', { statusCode: 200, headers: ['a'] }],
    ['an object for a header', { statusCode: 200, headers: { a: {} } }],
    ['H22 a line break in a header', { statusCode: 200, headers: { a: 'b\r\nset-cookie: c=d' } }],
    ['a header name with a space', { statusCode: 200, headers: { 'a b': 'c' } }],
    ['H22 a line break in a cookie', { statusCode: 200, cookies: ['a=b\r\nx: y'] }],
    ['cookies that are text', { statusCode: 200, cookies: 'a=b' }],
    ['more than 6 MB', { statusCode: 200, body: 'x'.repeat(6 * 1024 * 1024) }],
  ])('%s is malformed: 500', async (_what, answer) => {
    const response = await answerOf(answer);
    expect([response.status, await response.json()]).toEqual([500, { message: 'Internal Server Error' }]);
  });

  test('a cycle, or a BigInt, cannot leave a function: 500', async () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect((await answerOf(cycle)).status).toBe(500);
    expect((await answerOf({ statusCode: 200, body: 1n })).status).toBe(500);
  });
});

describe("the gateway's own errors", () => {
  test('a handler that throws, now or later, anything at all: 500, and the cause is told to who runs the server', async () => {
    const problems: unknown[] = [];
    const throws: unknown[] = [new Error('secret'), 'text', undefined];
    for (const thrown of throws) {
      const handlers: HttpApiHandler[] = [
        () => {
          // oxlint-disable-next-line typescript/only-throw-error -- what a careless handler does
          throw thrown;
        },
        // oxlint-disable-next-line prefer-promise-reject-errors -- the same, later
        () => Promise.reject(thrown),
      ];
      for (const handler of handlers) {
        // oxlint-disable-next-line no-await-in-loop -- one server at a time
        await withApi(handler, { onProblem: (_problem, cause) => problems.push(cause) }, async (api) => {
          const response = await fetch(api.url);
          expect([response.status, await response.text()]).toEqual([
            500,
            '{"message":"Internal Server Error"}',
          ]);
        });
      }
    }
    expect(problems).toEqual(throws.flatMap((thrown) => [thrown, thrown]));
  });

  test('H18 the gateway stops waiting: 503', async () => {
    await withApi(
      () => delay(1_000),
      { integrationTimeout: 60 },
      async (api) => {
        const response = await fetch(api.url);
        expect([response.status, await response.json()]).toEqual([503, { message: 'Service Unavailable' }]);
      },
    );
  });

  test('the function times out first: 500', async () => {
    await withApi(
      () => delay(1_000),
      { timeout: 60 },
      async (api) => {
        const response = await fetch(api.url);
        expect([response.status, await response.json()]).toEqual([500, { message: 'Internal Server Error' }]);
      },
    );
  });

  test('a body of 10 MB is too large for Lambda and one byte more for the gateway: 413, and the function is not called', async () => {
    const handler = vi.fn<HttpApiHandler>(() => 'called');
    await withApi(handler, {}, async (api) => {
      for (const size of [10 * 1024 * 1024, 10 * 1024 * 1024 + 1, 40 * 1024 * 1024]) {
        // oxlint-disable-next-line no-await-in-loop -- memory
        const response = await fetch(api.url, {
          method: 'POST',
          body: Buffer.alloc(size, 'a'),
          headers: { 'content-type': 'text/plain' },
        });
        // oxlint-disable-next-line no-await-in-loop -- as above
        expect([response.status, await response.json()]).toEqual([
          413,
          { message: 'Request Entity Too Large' },
        ]);
      }
      expect(handler).not.toHaveBeenCalled();
      expect(
        await (
          await fetch(api.url, {
            method: 'POST',
            body: 'x'.repeat(5 * 1024 * 1024),
            headers: { 'content-type': 'text/plain' },
          })
        ).json(),
      ).toBe('called');
    });
  });

  test('a head over 10,240 bytes: 431', async () => {
    await withApi(
      () => 'called',
      {},
      async (api) => {
        const answer = await sendRaw(
          api.url,
          `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(10_240)}\r\n\r\n`,
        );
        expect(answer.status).toBe(431);
      },
    );
  });

  test('what is not HTTP, and who leaves in the middle, do not end the server', async () => {
    await withApi(
      () => 'called',
      {},
      async (api) => {
        expect((await sendRaw(api.url, 'nonsense\r\n\r\n')).status).toBe(400);
        const socket = await openTo(api.url);
        socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc');
        await delay(20);
        socket.destroy();
        await delay(20);
        expect(await (await fetch(api.url)).json()).toBe('called');
      },
    );
  });
});

const getWith = async (agent: Agent, url: string): Promise<IncomingMessage> => {
  const outgoing = httpRequest(url, { agent });
  outgoing.end();
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  incoming.resume();
  await once(incoming, 'end');
  return incoming;
};

describe('starting and stopping', () => {
  test('listens on loopback unless told otherwise; a port in use is named', async () => {
    await withApi(
      () => 'called',
      {},
      async (api) => {
        expect(api.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/u);
        const port = Number(new URL(api.url).port);
        await expect(serveHttpApi(() => '', { port })).rejects.toThrow(`cannot listen on 127.0.0.1:${port}`);
      },
    );
  });

  test.each([
    ['timeout', { timeout: 0 }],
    ['timeout', { timeout: 900_001 }],
    ['integrationTimeout', { integrationTimeout: 49 }],
    ['integrationTimeout', { integrationTimeout: 30_001 }],
    ['timeout', { timeout: Number.NaN }],
  ])('A6 a %s that AWS would refuse: %j', async (name, options) => {
    await expect(serveHttpApi(() => '', options)).rejects.toThrow(`option "${name}" must be`);
  });

  test('a connection is kept and used again', async () => {
    await withApi(
      (event: APIGatewayProxyEventV2) => event.headers['x-forwarded-port'],
      {},
      async (api) => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        const first = await getWith(agent, api.url);
        const second = await getWith(agent, api.url);
        expect(second.socket).toBe(first.socket);
        agent.destroy();
      },
    );
  });

  test('stop waits for the answer that is being made, then ends with kept connections open', async () => {
    const invocations = new EventEmitter();
    const begun = once(invocations, 'begun');
    const api = await serveHttpApi(async () => {
      invocations.emit('begun');
      await delay(100);
      return 'whole';
    }, quiet);
    const idle = await openTo(api.url);
    const agent = new Agent({ keepAlive: true });
    const answer = fetch(api.url);
    await begun;
    const start = performance.now();
    const stopped = api.stop();
    await expect(openTo(api.url)).rejects.toThrow(/ECONNREFUSED/u);
    expect(await (await answer).json()).toBe('whole');
    await stopped;
    await api.stop();
    expect(performance.now() - start).toBeLessThan(1_000);
    idle.destroy();
    agent.destroy();
  });

  test('stop lets an answer that is on its way arrive whole, on a connection that would be kept', async () => {
    const size = 5 * 1024 * 1024;
    const api = await serveHttpApi(() => ({ statusCode: 200, body: 'x'.repeat(size) }), quiet);
    const socket = await openTo(api.url);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'readable');
    const start = performance.now();
    const stopped = api.stop();
    let received = 0;
    socket.on('data', (chunk: Buffer) => (received += chunk.length));
    await Promise.all([stopped, once(socket, 'close')]);
    expect(received).toBeGreaterThan(size);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  test('stop does not wait for ever for who stands still', async () => {
    const api = await serveHttpApi(() => 'called', quiet);
    const halfway = await openTo(api.url);
    halfway.on('error', () => {});
    halfway.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc');
    await delay(20);
    const start = performance.now();
    await api.stop();
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test('a signal stops it', async () => {
    const controller = new AbortController();
    const api = await serveHttpApi(() => 'called', { ...quiet, signal: controller.signal });
    controller.abort();
    await expect(openTo(api.url)).rejects.toThrow(/ECONNREFUSED/u);
    await api.stop();
    await expect(serveHttpApi(() => '', { signal: controller.signal })).rejects.toThrow(/aborted/u);
  });
});
