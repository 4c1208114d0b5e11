import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { builtinsLoadedBy, modulesLoadedBy } from '../budget/loading.ts';
import { run } from '../build/command.ts';
import { ensureBuilt } from '../build/fresh.ts';
import { folderOf } from '../build/workspace.ts';

beforeAll(() => ensureBuilt('handlersmith'), 180_000);

const packages = (files: readonly string[]): string[] => files.filter((file) => !file.startsWith('dist/'));

describe('what idempotency loads', () => {
  it('A2 is no package and no network before a key is claimed', async () => {
    const code = `const { dynamoStore } = await import('handlersmith/idempotency'); dynamoStore({ tableName: 'a' });`;
    expect(packages(await modulesLoadedBy(code))).toEqual([]);
    const builtins = await builtinsLoadedBy(code);
    expect(builtins).toContain('crypto');
    expect(builtins.filter((name) => /undici|^_?http|^_?tls|^net$/.test(name))).toEqual([]);
  });

  it('is none of it for handlers without the option', async () => {
    const code = `const { httpHandler } = await import('handlersmith/http'); httpHandler({ logger: false }, () => 1);`;
    expect(await builtinsLoadedBy(code)).not.toContain('crypto');
    expect(await modulesLoadedBy(code)).not.toContain('dist/idempotency.js');
  });

  it("is Powertools' layer and the DynamoDB client with the first claim, and no middleware", async () => {
    const code = `
      const { dynamoStore } = await import('handlersmith/idempotency');
      const client = { send: async () => ({}), config: {}, middlewareStack: { clone: () => ({}) } };
      const log = console.warn; console.warn = () => {};
      await dynamoStore({ tableName: 'a', client }).claim('a', { lease: 1 }).catch(() => {});
      console.warn = log;`;
    const loaded = await modulesLoadedBy(code);
    expect(loaded).toEqual(
      expect.arrayContaining(['@aws-lambda-powertools/idempotency', '@aws-sdk/client-dynamodb']),
    );
    expect(loaded).not.toContain('@middy/core');
  });
});

it('names what to install where a package is missing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handlersmith-alone-'));
  try {
    cpSync(join(folderOf('handlersmith'), 'dist'), join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const script = `
      const { dynamoStore } = await import('./dist/idempotency.js');
      await dynamoStore({ tableName: 'a' }).claim('a', { lease: 1 }).catch((error) => console.log(error.message));`;
    expect(await run(process.execPath, ['--input-type=module', '--eval', script], folder)).toContain(
      'npm install @aws-lambda-powertools/idempotency @aws-sdk/client-dynamodb @aws-sdk/lib-dynamodb',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
