import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { LocalApp } from '../runner/index.ts';
import { playTemplate } from '../runner/play.ts';
import { servePage } from './server.ts';
import type { LocalPage } from './server.ts';

let folder: string;
let app: LocalApp;
let page: LocalPage;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handlersmith-page-'));
  writeFileSync(
    join(folder, 'template.yaml'),
    `Transform: AWS::Serverless-2016-10-31
Resources:
  Table: { Type: AWS::Serverless::SimpleTable, Properties: { TableName: items } }
  News: { Type: AWS::SNS::Topic, Properties: { TopicName: news } }
  Files: { Type: AWS::S3::Bucket, Properties: { BucketName: files } }
  Dead: { Type: AWS::SQS::Queue, Properties: { QueueName: dead } }
  Work:
    Type: AWS::SQS::Queue
    Properties: { QueueName: work, RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 1 } }
  Echo:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      CodeUri: .
      Handler: handler.echo
      Events:
        Api: { Type: HttpApi }
        Heard: { Type: SNS, Properties: { Topic: !Ref News } }
        Nightly: { Type: Schedule, Properties: { Schedule: cron(0 2 * * ? *) } }
`,
  );
  writeFileSync(
    join(folder, 'handler.ts'),
    'export const echo = (event: any) => ({ statusCode: 200, body: event.rawPath ?? "none" });',
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
async function get<Answer>(path: string): Promise<Answer> {
  const answer = await fetch(`${page.endpoint}${path}`, { headers: authorized() });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Answer; // what the API promises, and the assertions look at
}
const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`${page.endpoint}${path}`, { method: 'POST', headers: authorized(), body: JSON.stringify(body) });

/** Headers as they are given: `fetch` does not let one say another host. */
function raw(path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${page.endpoint}${path}`, { method, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('nobody else gets in', () => {
  test('without the token, or with a wrong one', async () => {
    expect((await fetch(`${page.endpoint}/api/app`)).status).toBe(401);
    expect((await fetch(`${page.endpoint}/`)).status).toBe(401);
    expect((await fetch(`${page.endpoint}/?token=wrong`)).status).toBe(401);
    expect(await raw('/api/app', { authorization: 'Bearer wrong' })).toBe(401);
  });

  test('under another name, as after DNS rebinding', async () => {
    expect(await raw('/api/app', { ...authorized(), host: 'evil.example' })).toBe(403);
    expect(await raw('/?token=' + page.token, { host: 'evil.example' })).toBe(403);
  });

  test('from another web page, cookie or not', async () => {
    const cookie = `handlersmith-${new URL(page.endpoint).port}=${page.token}`;
    expect(await raw('/api/clock', { cookie, origin: 'https://evil.example' }, 'POST')).toBe(403);
    expect(await raw('/api/clock', { cookie, 'sec-fetch-site': 'cross-site' }, 'POST')).toBe(403);
    expect(await raw('/api/app', { cookie })).toBe(200);
  });

  test('files outside of the page are none', async () => {
    for (const path of ['/../server.ts', '/%2e%2e/server.ts', '/server.ts', '/..%2fserver.ts'])
      // One after the other is as good.
      // oxlint-disable-next-line no-await-in-loop
      expect([401, 404]).toContain(await raw(path, authorized()));
  });
});

test('the address trades its token for a cookie that no script and no other site sees', async () => {
  const answer = await fetch(page.url, { redirect: 'manual' });
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe('/');
  expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/u);
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('shows the app, its counts and what is in it', async () => {
  expect(await get('/api/app')).toMatchObject({
    functions: [{ id: 'Echo' }],
    tables: [{ id: 'Table', name: 'items' }],
    urls: { ServerlessHttpApi: expect.stringContaining('http://127.0.0.1:') },
  });
  await app.s3('PUT', '/files/a%20%26%20b.txt', { body: 'hello', headers: { 'content-type': 'text/html' } });
  expect(await get('/api/counts')).toMatchObject({ buckets: { Files: 1 }, tables: { Table: 0 }, mails: 0 });
  expect(await get('/api/buckets/files')).toMatchObject({
    objects: [{ key: 'a & b.txt', size: 5 }],
    truncated: false,
  });
  const object = await fetch(`${page.endpoint}/api/buckets/files/object?key=a%20%26%20b.txt`, {
    headers: authorized(),
  });
  expect(await object.text()).toBe('hello');
  expect(object.headers.get('content-security-policy')).toContain('sandbox');
  expect(await get('/api/tables/items')).toEqual({ items: [], next: null });
});

test('sends requests, files and messages, fires schedules, replays and redrives', async () => {
  const request = await post('/api/request', { gateway: 'ServerlessHttpApi', method: 'GET', path: '/x?y=1' });
  expect(await request.json()).toMatchObject({ status: 200, body: '/x' });
  const [entry] = app.journal.entries();
  expect(await (await post(`/api/journal/${entry?.requestId}/replay`, {})).json()).toMatchObject({
    ok: true,
  });
  expect(app.journal.entries()).toHaveLength(2);

  expect((await post('/api/queues/dead/messages', { body: 'again' })).status).toBe(200);
  expect(await get('/api/queues/dead')).toMatchObject({ messages: [{ body: 'again' }] });

  expect((await post('/api/topics/news/messages', { body: 'heard' })).status).toBe(200);
  await app.idle();
  expect(app.journal.entries().at(-1)).toMatchObject({
    trigger: { type: 'sns' },
    event: expect.stringContaining('"Message":"heard"'),
  });

  const [id] = app.schedules.keys();
  expect(await (await post(`/api/schedules/${id}/fire`, { slot: '2026-01-01T02:00:00Z' })).json()).toEqual({
    slot: '2026-01-01T02:00:00.000Z',
  });
  await app.idle();
  expect(app.journal.entries().at(-1)?.event).toContain('2026-01-01T02:00:00Z');
  const before = app.clock.now();
  expect((await post('/api/clock', { advance: 60_000 })).status).toBe(200);
  expect(app.clock.now()).toBeGreaterThanOrEqual(before + 60_000);
});

test.each<[path: string, body: unknown, status: number]>([
  ['/api/nothing', {}, 404],
  ['/api/request', { gateway: 'None', method: 'GET', path: '/' }, 404],
  ['/api/request', { gateway: 'ServerlessHttpApi' }, 400],
  ['/api/request', { gateway: 'ServerlessHttpApi', method: 'GET', path: '/', body: 'never sent' }, 400],
  ['/api/queues/none/messages', { body: 'x' }, 404],
  ['/api/topics/none/messages', { body: 'x' }, 404],
  ['/api/topics/news/messages', {}, 400],
  ['/api/schedules/None/fire', {}, 404],
  ['/api/functions/None/invoke', {}, 404],
  ['/api/journal/none/replay', {}, 404],
  ['/api/mails/none/html', {}, 404],
  ['/api/clock', { to: '2001-01-01' }, 400],
  ['/api/clock', [], 400],
])('refuses POST %s %j', async (path, body, status) => {
  const answer = await post(path, body);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({ error: expect.any(String) });
});

test('gives the journal in brief, one invocation whole, and a mail as HTML that runs nothing', async () => {
  const { requestId } = await app.invoke('Echo', { rawPath: '/whole' });
  const brief = await get<{ entries: { requestId: string }[] }>('/api/journal?brief');
  const entry = brief.entries.find((one) => one.requestId === requestId);
  expect(entry).toEqual({
    requestId,
    function: 'Echo',
    trigger: expect.any(Object),
    attempt: 1,
    causes: [],
    startedAt: expect.any(Number),
    result: expect.objectContaining({ ok: true, duration: expect.any(Number) }),
  });
  expect(entry).not.toHaveProperty('result.payload');
  expect(await get(`/api/journal/${requestId}`)).toMatchObject({ event: '{"rawPath":"/whole"}', logs: [] });
  expect((await fetch(`${page.endpoint}/api/journal/none`, { headers: authorized() })).status).toBe(404);

  const ses = new SESv2Client({ ...app.aws.clientConfig, endpoint: app.aws.ses.endpoint });
  const { MessageId: id } = await ses.send(
    new SendEmailCommand({
      FromEmailAddress: 'a@example.com',
      Destination: { ToAddresses: ['b@example.com'] },
      Content: { Simple: { Subject: { Data: 's' }, Body: { Html: { Data: '<p>é</p>' } } } },
    }),
  );
  const mail = await fetch(`${page.endpoint}/api/mails/${id}/html`, { headers: authorized() });
  expect(await mail.text()).toBe('<p>é</p>');
  expect(mail.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(mail.headers.get('content-security-policy')).toContain('sandbox');
});

test('an event that was too long to be kept is not replayed', async () => {
  const { requestId } = await app.invoke('Echo', { rawPath: 'x'.repeat(300 * 1024) });
  const answer = await post(`/api/journal/${requestId}/replay`, {});
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({ error: expect.stringContaining('too long to be kept') });
});

test('tells what happens as it happens', async () => {
  const answer = await fetch(`${page.endpoint}/api/changes`, { headers: authorized() });
  const reader = answer.body?.getReader();
  const text = async (): Promise<string> => Buffer.from((await reader?.read())?.value ?? []).toString();
  expect(await text()).toBe(': here\n\n');
  app.journal.note({ time: 1, kind: 'warning', text: 'hear', causes: [] });
  expect(await text()).toBe(
    'data: {"change":"note","note":{"time":1,"kind":"warning","text":"hear","causes":[]}}\n\n',
  );
  await reader?.cancel();
});
