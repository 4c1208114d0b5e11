/**
 * Optional packages that a team has not installed: its functions are bundled all the same, and say what to install when
 * they need one.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { ensureBuilt } from './build/fresh.ts';
import { folderOf } from './build/workspace.ts';

let folder: string;
beforeAll(async () => {
  await ensureBuilt('handlersmith');
  folder = mkdtempSync(join(tmpdir(), 'handlersmith-bare-'));
  cpSync(join(folderOf('handlersmith'), 'dist'), folder, { recursive: true });
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(['http', 's3', 'sqs', 'stream', 'sns', 'cron', 'eventbridge', 'cognito', 'store', 'tracing'])(
  'a bundle of handlersmith/%s needs none of them',
  async (entry) => {
    const { errors } = await build({
      entryPoints: [join(folder, `${entry}.js`)],
      bundle: true,
      format: 'esm',
      platform: 'node',
      external: ['@aws-lambda-powertools/logger'], // is always there
      write: false,
      logLevel: 'silent',
    }).catch((failure: { readonly errors: readonly { readonly text: string }[] }) => failure);
    expect(errors.map(({ text }) => text)).toEqual([]);
  },
);
