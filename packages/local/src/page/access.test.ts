import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { LocalApp } from '../runner/index.ts';
import { playTemplate } from '../runner/play.ts';
import { servePage } from './server.ts';
import type { LocalPage } from './server.ts';

let folder: string;
let app: LocalApp;
let page: LocalPage;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handlersmith-access-'));
  writeFileSync(
    join(folder, 'template.yaml'),
    'Resources: { Work: { Type: AWS::SQS::Queue, Properties: { QueueName: work } } }',
  );
  app = await playTemplate(join(folder, 'template.yaml'), { watch: false });
  page = await servePage(app);
}, 30_000);
afterAll(async () => {
  await page.close();
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

const authorized = (): Record<string, string> => ({ authorization: `Bearer ${page.token}` });

/** Headers as a browser would send them, which `fetch` does not let one say. */
function statusOf(url: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

async function cookieOf({ url }: LocalPage): Promise<string> {
  const entered = await fetch(url, { redirect: 'manual' });
  return entered.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
}

test('the pages of two apps on one machine leave each other logged in', async () => {
  const other = await servePage(app);
  try {
    const cookies = [await cookieOf(page), await cookieOf(other)];
    // As a browser keeps them: the later one of a name, for all ports.
    const jar = Object.fromEntries(cookies.map((cookie) => cookie.split('=') as [string, string]));
    const cookie = Object.entries(jar)
      .map(([name, value]) => `${name}=${value}`)
      .join('; ');
    expect(await statusOf(`${page.endpoint}/api/app`, { cookie })).toBe(200);
    expect(await statusOf(`${other.endpoint}/api/app`, { cookie })).toBe(200);
  } finally {
    await other.close();
  }
});

test.each(['cross-site', 'same-site'])(
  'a page of another site or port (%s) asks nothing of the API, though a browser adds the cookie',
  async (site) => {
    const headers = { cookie: await cookieOf(page), 'sec-fetch-site': site };
    expect(await statusOf(`${page.endpoint}/api/journal`, headers)).toBe(403);
    expect(await statusOf(`${page.endpoint}/api/clock`, headers, 'POST')).toBe(403);
    expect(await statusOf(`${page.endpoint}/`, headers)).toBe(200);
  },
);

test('a request goes to the gateway alone: a path begins with a slash', async () => {
  const local = { ...app, urls: { Api: app.aws.sqs.endpoint } };
  const own = await servePage(local);
  try {
    const answer = await fetch(`${own.endpoint}/api/request`, {
      method: 'POST',
      headers: { authorization: `Bearer ${own.token}` },
      body: JSON.stringify({ gateway: 'Api', method: 'GET', path: '@127.0.0.1:1/' }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error: 'A path begins with a slash' });
  } finally {
    await own.close();
  }
});

test('an address that cannot be decoded is no fault of ours', async () => {
  const answer = await fetch(`${page.endpoint}/api/queues/%ff`, { headers: authorized() });
  expect(answer.status).toBe(400);
});

test('whoever follows and does not read is let go, not kept in memory', async () => {
  const { port } = new URL(page.endpoint);
  const socket = connect(Number(port), '127.0.0.1');
  socket.pause();
  const gone = new Promise<'gone'>((done) => {
    socket.once('error', () => done('gone'));
    socket.once('close', () => done('gone'));
  });
  socket.write(
    `GET /api/changes HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${page.token}\r\n\r\n`,
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  const text = 'x'.repeat(1024 * 1024);
  for (let n = 0; n < 64; n += 1) app.journal.note({ time: 0, kind: 'warning', text, causes: [] });
  socket.resume();
  expect(await gone).toBe('gone');
}, 10_000);
