import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));

interface Run {
  readonly child: ChildProcess;
  /** Standard output and standard error so far. */
  output(): string;
  /** Resolves with the first match. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<number | null>;
}

function run(script: string, environment: Record<string, string> = {}): Run {
  const { FORCE_COLOR: _, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--conditions=@handlersmith/source', script], {
    cwd: folder,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    output: () => output,
    ended,
    async says(pattern) {
      await expect.poll(() => output, { timeout: 10_000 }).toMatch(pattern);
      const match = pattern.exec(output);
      if (match === null) throw new Error(`never said ${pattern}`);
      return match;
    },
  };
}

/** Processes with a word in their command line. */
function processesWith(word: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/u.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(word);
    } catch {
      return false;
    }
  });
}

const DYNAMODB_PORT = /DynamoDB on http:\/\/127\.0\.0\.1:(\d+)/u;

test('the demo plays through, exits 0, and leaves nothing', { timeout: 30_000 }, async () => {
  // None of this may lead it to AWS.
  const demo = run('local/demo.ts', {
    AWS_PROFILE: 'production',
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_SESSION_TOKEN: 'secret',
  });
  expect([await demo.ended, demo.output()]).toEqual([
    0,
    expect.stringContaining('Every answer was as expected.'),
  ]);
  expect(demo.output()).toMatch(/items-api on http:\/\/127\.0\.0\.1:\d+/u);
  expect(demo.output()).toContain('curl -i http://');
  expect(demo.output()).toContain('→ 412 Precondition Failed');
  // No colours in a pipe.
  expect(demo.output()).not.toContain('\u001B[');
  const [, port = 'none'] = DYNAMODB_PORT.exec(demo.output()) ?? [];
  expect(processesWith(`--port\0${port}`)).toEqual([]);
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  'dev serves until %s, then leaves nothing',
  { timeout: 30_000 },
  async (signal) => {
    const dev = run('local/dev.ts');
    const [, url = ''] = await dev.says(/items-api on (http:\/\/127\.0\.0\.1:\d+)/u);
    const [, port = ''] = await dev.says(DYNAMODB_PORT);
    expect((await fetch(`${url}/items`)).status).toBe(200);
    expect(processesWith(`--port\0${port}`)).not.toEqual([]);
    dev.child.kill(signal);
    expect(await dev.ended).toBe(0);
    await expect.poll(() => processesWith(`--port\0${port}`)).toEqual([]);
    await expect(fetch(`${url}/items`)).rejects.toThrow('fetch failed');
  },
);

test('dev on a port that is taken says so and leaves nothing', { timeout: 30_000 }, async () => {
  const first = run('local/dev.ts');
  const [, port = ''] = await first.says(/items-api on http:\/\/127\.0\.0\.1:(\d+)/u);
  const second = run('local/dev.ts', { PORT: port });
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`cannot listen on 127.0.0.1:${port}`);
  first.child.kill('SIGINT');
  expect(await first.ended).toBe(0);
});
