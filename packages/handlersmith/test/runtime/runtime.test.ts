import { httpEvent, readAnswer } from '@handlersmith/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { type RunningFunction, startFunction } from './function.ts';

let running: RunningFunction | undefined;

async function start(name: string, environment?: Record<string, string>): Promise<RunningFunction> {
  running = await startFunction(name, environment);
  return running;
}

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

/** Lines come through a pipe of their own, now and then after the answer. */
async function expectLines(lambda: RunningFunction, lines: object[]): Promise<void> {
  await vi.waitFor(() => expect(lambda.lines()).toMatchObject(lines), { timeout: 5000 });
}

const post = (name: string): unknown =>
  httpEvent('httpApi', {
    method: 'POST',
    path: '/items',
    body: { name },
    headers: { origin: 'https://app.example' },
  });

describe("a bundled function under Lambda's runtime client", () => {
  it('answers, and writes one JSON object a line with the request it belongs to (O1)', async () => {
    const lambda = await start('items');
    const outcomes = [await lambda.invoke(post('one')), await lambda.invoke(post('two'))];
    const answers = outcomes.map((outcome) => readAnswer('httpApi', JSON.parse(outcome.body.toString())));
    expect(answers.map((answer) => [answer.status, answer.json()])).toEqual([
      [201, { id: 'itm_1', name: 'one' }],
      [201, { id: 'itm_1', name: 'two' }],
    ]);
    expect(answers[0]?.header('access-control-allow-origin')).toBe('https://app.example');
    await expectLines(lambda, [
      { message: 'creating', item: 'one', service: 'items', cold_start: true, function_name: 'items' },
      { message: 'request served', http_route: 'POST /items', http_status: 201, cold_start: true },
      {
        message: 'creating',
        item: 'two',
        cold_start: false,
        xray_trace_id: '1-5e9f0c65-1de4d666d4dd26aced652b6c',
      },
      { message: 'request served', cold_start: false },
    ]);
    const ids = lambda.lines().map((line) => line['function_request_id']);
    expect(new Set(ids).size).toBe(2);
  });

  it('H18 answers a hanging route before the function times out', async () => {
    const lambda = await start('items');
    const { kind, body } = await lambda.invoke(httpEvent('rest', { path: '/slow' }), 400);
    expect(kind).toBe('response');
    expect(readAnswer('rest', JSON.parse(body.toString())).status).toBe(504);
    await expectLines(lambda, [{ level: 'ERROR', http_route: 'GET /slow', http_status: 504 }]);
  });

  it('H16 answers a fault with a problem that shows nothing, and logs it once', async () => {
    const lambda = await start('items');
    const { body } = await lambda.invoke(httpEvent('functionUrl', { path: '/boom' }));
    expect(body.toString()).not.toContain('database');
    await expectLines(lambda, [{ level: 'ERROR', error: { message: 'the database is away' } }]);
  });

  it('A9 fails an event that is not HTTP, naming its keys and not its values', async () => {
    const lambda = await start('items');
    const { kind, body } = await lambda.invoke({ Records: [{ secret: 'value' }] });
    expect(kind).toBe('error');
    expect(body.toString()).toContain('Records');
    expect(body.toString()).not.toContain('secret');
  });

  it('A6 a misspelt option fails the init phase and names itself', async () => {
    const lambda = await start('misspelt');
    const { kind, body } = await lambda.invoke(post('one'));
    expect(kind).toBe('initError');
    expect(body.toString()).toContain('Did you mean \\"service\\"?');
  });

  it('streams: the head, eight zero bytes, then the chunks', async () => {
    const lambda = await start('rows');
    const { streaming, contentType, body } = await lambda.invoke(httpEvent('functionUrl', { path: '/' }));
    expect([streaming, contentType]).toEqual([true, 'application/vnd.awslambda.http-integration-response']);
    const delimiter = body.indexOf(Buffer.alloc(8));
    expect(JSON.parse(body.subarray(0, delimiter).toString())).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'text/csv; charset=utf-8' },
    });
    expect(body.subarray(delimiter + 8).toString()).toBe('a;1\nb;2\n');
    await expectLines(lambda, [{ http_status: 200, response_bytes: 8 }]);
  });

  it('marks a stream that broke off as broken', async () => {
    const lambda = await start('rows');
    const { trailers } = await lambda.invoke(httpEvent('functionUrl', { path: '/', query: 'broken=1' }));
    expect(trailers['lambda-runtime-function-error-type']).toBe('Error');
    await expectLines(lambda, [{ level: 'ERROR', error: { message: 'the database went away' } }]);
  });
});
