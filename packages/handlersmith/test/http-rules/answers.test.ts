/* oxlint-disable no-await-in-loop -- requests one after the other: a failure names the one that failed */
import { captureLogs, httpSources, requestAs } from '@handlersmith/testing';
import {
  answer,
  binary,
  created,
  html,
  httpHandler,
  noContent,
  notModified,
  ok,
  redirect,
  text,
} from 'handlersmith/http';
import { describe, expect, it } from 'vitest';

const give = (value: unknown) => httpHandler({ logger: false }, () => value);
const isBalancer = (source: string): boolean => source.startsWith('alb');
const limitOf = (source: string): number => (isBalancer(source) ? 1024 * 1024 : 6 * 1024 * 1024);

describe.each(httpSources)('%s', (source) => {
  const request = requestAs(source);
  const answerTo = (value: unknown) => request(give(value), 'GET /');

  it('H9 several cookies arrive one by one', async () => {
    const response = await answerTo(
      ok(
        {},
        {
          cookies: [
            { name: 'a', value: 'x, y; z', expires: new Date('2026-10-21T07:28:00Z') },
            'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT',
          ],
        },
      ),
    );
    const first =
      'a=x%2C%20y%3B%20z; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly; Secure; SameSite=Lax';
    const second = 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT';
    // A load balancer without multi-value headers has room for one.
    expect(response.cookies).toEqual(source === 'alb' ? [first] : [first, second]);
  });

  it('H9 a set-cookie header is a cookie like the others', async () => {
    const response = await answerTo(ok({}, { headers: { 'Set-Cookie': 'a=1' }, cookies: ['b=2'] }));
    expect(response.cookies).toEqual(source === 'alb' ? ['a=1'] : ['a=1', 'b=2']);
  });

  it('H9 a cookie arrives where it is the only one', async () => {
    const response = await answerTo(noContent({ cookies: [{ name: 'a', value: '1' }] }));
    expect(response.cookies).toEqual(['a=1; Path=/; HttpOnly; Secure; SameSite=Lax']);
  });

  it('H9 answers for hand-written handlers give their cookies too', async () => {
    const proxyResult = {
      statusCode: 200,
      headers: { 'set-cookie': 'a=1' },
      multiValueHeaders: { 'Set-Cookie': ['b=2'] },
      cookies: ['c=3'],
      body: '{}',
    };
    const { cookies } = await answerTo(proxyResult);
    expect(cookies.toSorted()).toEqual(source === 'alb' ? [cookies[0]] : ['a=1', 'b=2', 'c=3']);
  });

  it('H11 H12 an answer has a status, string headers and a string body, and only known keys', async () => {
    // The reader of answers refuses anything else.
    for (const value of [
      { a: 1 },
      [],
      'x',
      7,
      null,
      false,
      0,
      '',
      new Date(0),
      ok(null),
      { body: 'a DTO' },
    ]) {
      const response = await answerTo(value);
      expect(response.status).toBe(200);
      expect(response.header('content-type')).toBe('application/json');
      expect(response.json()).toEqual(
        JSON.parse(JSON.stringify(value === null || 'status' in Object(value) ? null : value)),
      );
    }
  });

  it('H11 a header that is no string is refused, not sent', async () => {
    for (const value of [7, null, undefined, {}, ['a']]) {
      expect((await answerTo(ok({}, { headers: { 'x-a': value as never } }))).status).toBe(500);
    }
  });

  it('H11 a DTO that has a statusCode among other fields is a body', async () => {
    const dto = { statusCode: 404, url: 'https://example.com' };
    const response = await answerTo(dto);
    expect(response.status).toBe(200);
    expect(response.json()).toEqual(dto);
  });

  it('H12 a hand-written answer is taken as it is', async () => {
    const response = await answerTo({ statusCode: 418, headers: { 'X-Tea': 'yes' }, body: '{"tea":true}' });
    expect([response.status, response.header('x-tea'), response.json()]).toEqual([418, 'yes', { tea: true }]);
    expect((await answerTo({ statusCode: 200, body: null })).text()).toBe('');
    expect(
      (await answerTo({ statusCode: 200, headers: { 'x-a': undefined }, body: '' })).headers,
    ).not.toHaveProperty('x-a');
  });

  it('H13 undefined, 204 and 304 have no body', async () => {
    for (const [value, status] of [
      [undefined, 204],
      [Promise.resolve(), 204],
      [noContent(), 204],
      [answer(204, { ignored: true }), 204],
      [notModified({ headers: { etag: '"1"' } }), 304],
      [answer(304, 'ignored'), 304],
      [{ statusCode: 204, body: 'ignored' }, 204],
    ] as const) {
      const response = await answerTo(value);
      expect(response.status).toBe(status);
      expect(response.bytes.length).toBe(0);
    }
  });

  it('H13 HEAD has the headers of GET and no body, whatever the answer', async () => {
    for (const value of [
      { a: 1 },
      'text',
      binary(new Uint8Array(5)),
      html('<p>'),
      created({}, { location: '/x' }),
    ]) {
      const head = await request(give(value), 'HEAD /');
      expect(head.headers).toEqual((await answerTo(value)).headers);
      expect(head.bytes.length).toBe(0);
    }
  });

  it('H14 bytes are base64, text is not', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    for (const value of [
      bytes,
      binary(bytes),
      Buffer.from(bytes),
      bytes.subarray(10, 20),
      new Uint8Array(0),
    ]) {
      const response = await answerTo(value);
      expect(response.raw).toMatchObject({ isBase64Encoded: true });
      expect(response.bytes).toEqual(new Uint8Array(value instanceof Uint8Array ? value : bytes));
      expect(response.header('content-type')).toBe('application/octet-stream');
    }
    for (const value of [text('é'), html('<p>é'), { a: 'é' }]) {
      const response = await answerTo(value);
      expect(response.raw).toMatchObject({ isBase64Encoded: false });
      expect(response.text()).toContain('é');
    }
  });

  it('H14 a hand-written base64 answer stays the bytes it is', async () => {
    const body = Buffer.from([0, 255, 128]).toString('base64');
    const response = await answerTo({
      statusCode: 200,
      headers: { 'content-type': 'image/png' },
      body,
      isBase64Encoded: true,
    });
    expect(response.bytes).toEqual(new Uint8Array([0, 255, 128]));
    expect(response.header('content-type')).toBe('image/png');
  });

  it('H19 the largest answer that fits is sent, one more is a problem', async () => {
    const frame = Buffer.byteLength(JSON.stringify((await answerTo(text('x'))).raw)) - 1;
    const fitting = limitOf(source) - frame;
    expect((await answerTo(text('x'.repeat(fitting)))).status).toBe(200);
    expect((await answerTo(text('x'.repeat(fitting + 1)))).status).toBe(500);
  });

  it('H19 base64 counts four thirds, escapes count double', async () => {
    const limit = limitOf(source);
    expect((await answerTo(new Uint8Array(limit * 0.74))).status).toBe(200);
    expect((await answerTo(new Uint8Array(limit * 0.76))).status).toBe(500);
    expect((await answerTo(text('"'.repeat(limit * 0.51)))).status).toBe(500);
    expect((await answerTo(text('é'.repeat(limit * 0.51)))).status).toBe(500);
  });

  it.each(['a\r\nx-evil: 1', 'a\nb', 'a\rb', 'a\0b', 'π', '\u{1F4A9}', '\uD800', '\x7f'])(
    'H22 the header value %j is refused, not sent',
    async (value) => {
      for (const given of [
        ok({}, { headers: { 'x-a': value } }),
        created({}, { location: value }),
        redirect(`/x${value}`),
        ok({}, { cookies: [value] }),
        { statusCode: 200, headers: { 'x-a': value }, body: '' },
      ]) {
        const response = await answerTo(given);
        expect(response.status).toBe(500);
        expect(response.headers).not.toHaveProperty('x-a');
        expect(response.headers).not.toHaveProperty('x-evil');
        expect(response.cookies).toEqual([]);
      }
    },
  );

  it.each(['x a', '', 'x:', 'x\n', 'é', 'x\r\ny'])(
    'H22 the header name %j is refused, not sent',
    async (name) => {
      const response = await answerTo(ok({}, { headers: { [name]: '1' } }));
      expect(response.status).toBe(500);
      expect(Object.keys(response.headers)).toEqual(['content-type']);
    },
  );

  it('H22 a cookie object cannot smuggle attributes', async () => {
    const evil = { name: 'a', value: '1; Domain=evil.example\r\nx: y' };
    expect((await answerTo(ok({}, { cookies: [evil] }))).cookies).toEqual([
      'a=1%3B%20Domain%3Devil.example%0D%0Ax%3A%20y; Path=/; HttpOnly; Secure; SameSite=Lax',
    ]);
    const throwing = httpHandler({ logger: false }, () =>
      ok({}, { cookies: [{ ...evil, path: '/; Domain=evil' }] }),
    );
    expect((await request(throwing, 'GET /')).status).toBe(500);
  });
});

describe.each(['alb', 'albMulti'] as const)('%s', (source) => {
  it('H10 is answered in the mode it asked in', async () => {
    const { raw } = await requestAs(source)(
      give(answer(404, { a: 1 }, { headers: { 'X-A': 'b' } })),
      'GET /',
    );
    expect(raw).toMatchObject({
      statusCode: 404,
      statusDescription: '404 Not Found',
      isBase64Encoded: false,
      ...(source === 'alb' ? { headers: { 'x-a': 'b' } } : { multiValueHeaders: { 'x-a': ['b'] } }),
    });
    expect(raw).not.toHaveProperty(source === 'alb' ? 'multiValueHeaders' : 'headers');
  });
});

it('H9 alb: cookies that cannot be sent are told in the log', async () => {
  const handler = httpHandler({}, () => ok({}, { cookies: ['a=1', 'b=secret', 'c=3'] }));
  const { lines, raw, result } = await captureLogs(() => requestAs('alb')(handler, 'GET /'));
  expect(result.cookies).toEqual(['a=1']);
  expect(lines).toContainEqual(expect.objectContaining({ level: 'ERROR', cookies_dropped: 2 }));
  expect(raw.join('\n')).not.toContain('secret');
});

it('H19 the log tells by how much an answer is too large', async () => {
  const handler = httpHandler({}, () => text('x'.repeat(2 * 1024 * 1024)));
  const { lines, result } = await captureLogs(() => requestAs('alb')(handler, 'GET /'));
  expect(result.status).toBe(500);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ level: 'ERROR', http_status: 500, error: { name: 'UnsendableAnswer' } });
  expect(JSON.stringify(lines[0])).toMatch(/\d+ bytes over the 1048576 bytes that alb takes/);
});
