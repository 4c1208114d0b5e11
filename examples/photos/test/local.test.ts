/**
 * `pnpm demo` and `pnpm dev`, as processes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));

interface Run {
  readonly child: ChildProcess;
  /** Standard output and standard error so far. */
  output(): string;
  says(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<number | null>;
}

function run(...script: string[]): Run {
  const { FORCE_COLOR: _, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--conditions=@handlersmith/source', ...script], {
    cwd: folder,
    env: inherited,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  return {
    child,
    output: () => output,
    ended: once(child, 'close').then(([code]) => code as number | null),
    async says(pattern) {
      await expect.poll(() => output, { timeout: 20_000 }).toMatch(pattern);
      const match = pattern.exec(output);
      if (match === null) throw new Error(`never said ${pattern}`);
      return match;
    },
  };
}

/** Ids of all processes, and of their parents. */
function processes(): (readonly [id: string, parent: string])[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/u.test(name)) return [];
    try {
      const [state, parent = ''] = readFileSync(`/proc/${name}/stat`, 'latin1')
        .replace(/^.*\) /su, '')
        .split(' ');
      return state === 'Z' ? [] : [[name, parent] as const];
    } catch {
      return [];
    }
  });
}

/** Everything below a process. */
function below(pid: number | undefined): string[] {
  const all = processes();
  const found = [String(pid)];
  for (const id of found) found.push(...all.flatMap(([one, parent]) => (parent === id ? [one] : [])));
  return found.slice(1);
}

const isThere = (id: string): boolean => processes().some(([one]) => one === id);

test('the demo tells its story, exits 0 and leaves nothing', { timeout: 60_000 }, async () => {
  const demo = run('local/demo.ts');
  await demo.says(/page http:\/\/127\.0\.0\.1:\d+\/\?token=/u);
  const started = below(demo.child.pid);
  expect([await demo.ended, demo.output()]).toEqual([0, expect.stringContaining('Everything came as told')]);
  for (const told of [
    'Idempotency-Replayed: true',
    '→ 422',
    '→ 415',
    'S3 has two WebP files',
    'SES has two mails',
    'RetriesExhausted after 3 tries',
    'the queue DeadThumbnails has the message',
    'has its colour again',
    'the report counts 2 photos',
    'the file of the dead upload is gone',
  ])
    expect(demo.output()).toContain(told);
  // No colours in a pipe.
  expect(demo.output()).not.toContain('\u001B[');
  expect(started.length).toBeGreaterThan(0);
  expect(started.filter(isThere)).toEqual([]);
});

test('Ctrl-C in the middle of the demo leaves nothing and blames nobody', { timeout: 60_000 }, async () => {
  const demo = run('local/demo.ts');
  await demo.says(/2\. The first answer/u);
  const started = below(demo.child.pid);
  demo.child.kill('SIGINT');
  expect([await demo.ended, demo.output()]).toEqual([130, expect.not.stringContaining('Not as told')]);
  expect(started.length).toBeGreaterThan(0);
  await expect.poll(() => started.filter(isThere)).toEqual([]);
});

test(
  'dev serves app and page until it is told to end, then leaves nothing',
  { timeout: 60_000 },
  async () => {
    const dev = run('../../packages/cli/src/main.ts', 'dev');
    const [, url = ''] = await dev.says(/HttpApi +(http:\S+)/u);
    const [, page = ''] = await dev.says(/Page\n +(http:\S+)/u);
    expect((await fetch(`${url}/photos`)).status).toBe(200);
    expect((await fetch(page, { redirect: 'manual' })).status).toBe(303);
    await dev.says(/Api +GET \/photos.*\bok\b|Api.*GET \/photos/u);
    const started = below(dev.child.pid);
    dev.child.kill('SIGTERM');
    expect(await dev.ended).toBe(0);
    expect(started.length).toBeGreaterThan(0);
    await expect.poll(() => started.filter(isThere)).toEqual([]);
    await expect(fetch(`${url}/photos`)).rejects.toThrow('fetch failed');
  },
);
