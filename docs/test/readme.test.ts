import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const first = resolve(root, 'docs/snippets/first');
const readme = readFileSync(resolve(root, 'README.md'), 'utf8');

describe('README.md', () => {
  it.each(['handler.ts', 'handler.test.ts'])('shows docs/snippets/first/%s as it is', (file) => {
    expect(readme).toContain(`\`\`\`ts\n${readFileSync(resolve(first, file), 'utf8')}\`\`\``);
  });

  it('has a first handler that passes its first test', async () => {
    const run = promisify(execFile)(
      process.execPath,
      ['--conditions=@handlersmith/source', '--test', '--test-reporter=tap', 'handler.test.ts'],
      // Node's test runner takes this variable for "you are a child of another test run", and reports in another form.
      { cwd: first, env: { ...process.env, NODE_TEST_CONTEXT: undefined } },
    );
    const { stdout } = await run;
    expect(stdout).toMatch(/^# pass 2$/m);
    expect(stdout).toMatch(/^# fail 0$/m);
  });

  it('names commands that are scripts', () => {
    const { scripts } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
      scripts: object;
    };
    const named = [...readme.matchAll(/npx --yes pnpm@12\.21\.0 (?:run )?([\w:]+)/g)].map(([, name]) => name);
    expect(named).toEqual(['demo', 'test', 'docs']);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });

  it('names the pnpm that package.json pins', () => {
    const { packageManager } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
      packageManager: string;
    };
    expect(new Set([...readme.matchAll(/pnpm@[\d.]+\d/g)].map(([name]) => name))).toEqual(
      new Set([packageManager]),
    );
  });

  it('says which triggers there are', () => {
    const triggers = ['http', 's3', 'sqs', 'stream', 'cron', 'eventbridge', 'sns', 'cognito'];
    const rows = [...readme.matchAll(/`handlersmith\/(\w+)` +\| (\w+)/g)].map(([, name, state]) => ({
      name,
      state,
    }));
    expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(triggers));
    expect(rows.filter(({ state }) => state === 'planned')).toEqual([]);
  });
});
