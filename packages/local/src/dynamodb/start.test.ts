import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, describe, expect, test } from 'vitest';

import { hiddenAddress } from './address.ts';
import { startDynamoDb } from './start.ts';
import { createItemsTable } from './table.fixture.ts';

const source = new URL('start.ts', import.meta.url).href;
const scratch = mkdtempSync(join(tmpdir(), 'handlersmith-local-test-'));

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Processes on this machine that have all the words in their command line and have not ended. */
function processesWith(...words: string[]): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .filter((id) => {
      try {
        const commandLine = readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return words.every((word) => commandLine.includes(word));
      } catch {
        return false;
      }
    });
}

async function eventually(check: () => boolean): Promise<boolean> {
  const end = performance.now() + 3_000;
  while (!check() && performance.now() < end) {
    // oxlint-disable-next-line no-await-in-loop -- waiting is the point
    await delay(20);
  }
  return check();
}

describe('starting and stopping', () => {
  test('answers the real SDK on loopback, and is gone after stop', async () => {
    const local = await startDynamoDb();
    expect(local.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/u);
    const client = new DynamoDBClient(local.clientConfig);
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    client.destroy();

    const port = new URL(local.endpoint).port;
    expect(processesWith('dynoxide', port)).not.toEqual([]);
    await local.stop();
    await local.stop();
    expect(processesWith('dynoxide', port)).toEqual([]);
    await expect(fetch(local.endpoint)).rejects.toThrow('fetch failed');
  });

  test('listens at another address of loopback alone, where no web page finds it', async () => {
    const host = hiddenAddress('linux');
    expect(host).toMatch(/^127\.\d+\.\d+\.\d+$/u);
    expect(host).not.toBe('127.0.0.1');
    expect(hiddenAddress('darwin')).toBe('127.0.0.1');
    await using local = await startDynamoDb({ host });
    const client = new DynamoDBClient(local.clientConfig);
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    client.destroy();
    await expect(fetch(local.endpoint.replace(host, '127.0.0.1'))).rejects.toThrow('fetch failed');
  });

  test('`await using` stops it', async () => {
    let endpoint = '';
    {
      await using local = await startDynamoDb();
      endpoint = local.endpoint;
    }
    await expect(fetch(endpoint)).rejects.toThrow('fetch failed');
  });

  test('20 started at once get 20 ports and 20 databases', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => startDynamoDb()));
    try {
      expect(new Set(all.map((local) => local.endpoint)).size).toBe(20);
      const [first, ...others] = all.map((local) => new DynamoDBClient(local.clientConfig));
      if (first === undefined) throw new Error('nothing started');
      await createItemsTable(first, 'only-here');
      const tables = await Promise.all(others.map((client) => client.send(new ListTablesCommand({}))));
      expect(tables.flatMap((answer) => answer.TableNames)).toEqual([]);
    } finally {
      await Promise.all(all.map((local) => local.stop()));
    }
  });

  test('dataFile keeps the tables from one start to the next', async () => {
    const dataFile = join(scratch, 'kept.db');
    {
      await using local = await startDynamoDb({ dataFile });
      await createItemsTable(new DynamoDBClient(local.clientConfig), 'kept');
    }
    await using local = await startDynamoDb({ dataFile });
    const answer = await new DynamoDBClient(local.clientConfig).send(new ListTablesCommand({}));
    expect(answer.TableNames).toEqual(['kept']);
  });

  test('a signal stops a running server', async () => {
    const controller = new AbortController();
    const local = await startDynamoDb({ signal: controller.signal });
    const port = new URL(local.endpoint).port;
    controller.abort();
    expect(await eventually(() => processesWith('dynoxide', port).length === 0)).toBe(true);
  });

  test('a signal that aborts while it starts rejects with its reason and leaves no process', async () => {
    const controller = new AbortController();
    const dataFile = join(scratch, 'aborted.db');
    const starting = startDynamoDb({ signal: controller.signal, dataFile });
    controller.abort(new Error('changed my mind'));
    await expect(starting).rejects.toThrow('changed my mind');
    expect(processesWith(dataFile)).toEqual([]);

    await expect(startDynamoDb({ signal: controller.signal, dataFile })).rejects.toThrow('changed my mind');
  });
});

describe('what cannot start says why', () => {
  test('a port in use, by another DynamoDB or by anything else', async () => {
    await using local = await startDynamoDb();
    const port = Number(new URL(local.endpoint).port);
    await expect(startDynamoDb({ port })).rejects.toThrow(
      new RegExp(`on port ${port} ended.*already in use`, 'u'),
    );

    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const taken = (other.address() as AddressInfo).port;
    await expect(startDynamoDb({ port: taken })).rejects.toThrow(/already in use/u);
    other.close();
  });

  test.each([
    [
      'in a folder that is not there',
      join(scratch, 'none', 'file.db'),
      /cannot write dataFile .*none.*ENOENT/u,
    ],
    ['on a full device', '/dev/full', /disk is full/u],
    ['on a file system that takes no files', '/proc/handlersmith.db', /\/proc\/handlersmith\.db/u],
    ['that is something else', import.meta.filename, /not a valid SQLite database/u],
  ])('a dataFile %s', async (_where, dataFile, message) => {
    await expect(startDynamoDb({ dataFile })).rejects.toThrow(message);
    expect(processesWith('dynoxide', dataFile)).toEqual([]);
  });
});

describe('nothing outlives the process that started it', () => {
  const script = `
    import { startDynamoDb } from ${JSON.stringify(source)};
    const local = await startDynamoDb();
    console.log(new URL(local.endpoint).port);
    process.stdin.on('data', (text) => {
      if (String(text).includes('throw')) setTimeout(() => { throw new Error('uncaught'); });
      if (String(text).includes('exit')) process.exit(0);
    });
  `;

  test.each([
    ['SIGINT', (parent: ReturnType<typeof spawn>) => parent.kill('SIGINT')],
    ['SIGTERM', (parent: ReturnType<typeof spawn>) => parent.kill('SIGTERM')],
    ['SIGKILL', (parent: ReturnType<typeof spawn>) => parent.kill('SIGKILL')],
    ['an uncaught exception', (parent: ReturnType<typeof spawn>) => parent.stdin?.write('throw')],
    ['process.exit', (parent: ReturnType<typeof spawn>) => parent.stdin?.write('exit')],
  ])('%s', async (_cause, end) => {
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const port = String(line).trim();
    expect(processesWith('dynoxide', port)).not.toEqual([]);
    end(parent);
    await once(parent, 'close');
    expect(await eventually(() => processesWith('dynoxide', port).length === 0)).toBe(true);
  });
});
