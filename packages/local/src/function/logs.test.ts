import { describe, expect, it } from 'vitest';

import { play } from './function.fixture.ts';
import type { LogLine } from './index.ts';
import { collectLog } from './lines.ts';

describe('what a function prints', () => {
  it('comes in order, in the format of Lambda, with the invocation it belongs to', async () => {
    const played = await play(`
      import { writeSync } from 'node:fs';
      console.log('at start');
      export const handler = async (event: { name: string }) => {
        console.log('one %d', 1, { two: 2 });
        console.error('first\\nsecond');
        process.stdout.write('raw ä, ');
        process.stdout.write('whole\\nnot ended');
      };`);
    const lines: LogLine[] = [];
    await played.call({}, { requestId: 'abc', onLog: (line) => lines.push(line) });
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
    expect(lines.map(({ stream }) => stream)).toEqual(['stdout', 'stdout', 'stderr', 'stdout', 'stdout']);
    expect(lines.map(({ text }) => text)).toEqual([
      expect.stringMatching(`^${time}\\t-\\tINFO\\tat start$`),
      expect.stringMatching(`^${time}\\tabc\\tINFO\\tone 1 { two: 2 }$`),
      expect.stringMatching(`^${time}\\tabc\\tERROR\\tfirst\\nsecond$`),
      'raw ä, whole',
      'not ended',
    ]);
    expect(Math.abs(Date.now() - (lines[0]?.time ?? 0))).toBeLessThan(20_000);
  });

  it('comes with the invocation though it goes round the runtime', async () => {
    const played = await play(`
      import { spawnSync } from 'node:child_process';
      import { writeSync } from 'node:fs';
      export const handler = async (event: { name: string }) => {
        spawnSync('echo', [event.name + ' echoed'], { stdio: 'inherit' });
        writeSync(1, (event.name + ' written ' + 'x'.repeat(100) + '\\n').repeat(1000));
      };`);
    for (const name of ['one', 'two', 'three']) {
      const lines: string[] = [];
      await played.call({ name }, { onLog: ({ text }) => lines.push(text) }); // oxlint-disable-line no-await-in-loop -- one after the other is the point
      expect(lines).toHaveLength(1001);
      expect(lines.at(0)).toBe(`${name} echoed`);
      expect(lines.at(-1)).toBe(`${name} written ${'x'.repeat(100)}`);
    }
  });

  it('comes with the invocation though we look at the answer first', async () => {
    const played = await play(`
      import { writeSync } from 'node:fs';
      export const handler = async () => { console.log('one'); writeSync(1, 'two\\n'); };`);
    await played.call();
    const lines: string[] = [];
    const running = played.call({}, { onLog: ({ text }) => lines.push(text) });
    await new Promise((done) => void setImmediate(done));
    // By now the function has been asked. When we look again, all it wrote is there, in two pipes: which of them is
    // read first is up to the system.
    for (const until = performance.now() + 300; performance.now() < until;);
    await running;
    expect(lines.toSorted()).toEqual([expect.stringContaining('one'), 'two']);
  });

  it('O3 is JSON, from a level on, where the function says so', async () => {
    const played = await play(
      `export const handler = async () => {
        console.debug('no');
        console.log('no');
        console.warn({ left: 3 });
        console.error('failed', new TypeError('no table'));
      };`,
      {},
      { environment: { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'WARN' } },
    );
    await played.call({}, { requestId: 'abc', onLog: ({ text }) => played.lines.push(text) });
    expect(played.lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 'WARN', requestId: 'abc', message: { left: 3 } },
      { level: 'ERROR', requestId: 'abc', errorType: 'TypeError', errorMessage: 'no table' },
    ]);
  });

  it.each([
    "console.log('x'.repeat(1023))",
    "process.stdout.write('x'.repeat(1023) + '\\n')",
    "writeSync(1, 'x'.repeat(1023) + '\\n')",
  ])(
    'may be 100 MB: the answer comes, our memory stays, and what is left out is said aloud: %s',
    async (print) => {
      const played = await play(`
        import { writeSync } from 'node:fs';
        export const handler = async () => {
          for (let count = 0; count < 100_000; count += 1) ${print};
          return 'done';
        };`);
      let peak = 0;
      const before = process.memoryUsage().rss;
      const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss - before)), 20);
      const lines: LogLine[] = [];
      const result = await played.call({}, { onLog: (line) => lines.push(line) });
      clearInterval(watch);
      expect(result).toMatchObject({ ok: true, payload: '"done"' });
      expect(lines.length).toBeGreaterThan(900);
      expect(lines.length).toBeLessThan(1100);
      expect(lines.at(-1)).toMatchObject({
        text: 'More than 1048576 characters of output: the rest is left out',
        truncated: true,
      });
      expect(peak).toBeLessThan(200_000_000);
      // The next one may print again.
      const next: LogLine[] = [];
      await played.call({}, { onLog: (line) => next.push(line) });
      expect(next.length).toBeGreaterThan(900);
    },
  );
});

/** A log, and what came of it. */
function collected(limit = 1_000_000): { log: ReturnType<typeof collectLog>; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const log = collectLog(limit);
  log.listen((line) => lines.push(line));
  return { log, lines };
}

describe('a log', () => {
  it('keeps characters whole that come in pieces', () => {
    const { log, lines } = collected();
    for (const byte of Buffer.from('äöü€\n')) log.output('stdout', Buffer.of(byte));
    expect(lines.map(({ text }) => text)).toEqual(['äöü€']);
  });

  it('cuts a line that does not end', () => {
    const { log, lines } = collected(10_000_000);
    for (let count = 0; count < 3; count += 1) log.output('stdout', Buffer.alloc(200_000, 'x'));
    log.flush();
    expect(lines.map(({ text, truncated }) => [text.length, truncated])).toEqual([
      [262_144, true],
      [200_000, undefined],
    ]);
  });

  it('keeps lines that nobody takes for the next who listens, and no more than the limit', () => {
    const log = collectLog(100);
    log.line({ time: 1, stream: 'stdout', text: 'early' });
    for (let count = 0; count < 50; count += 1) log.line({ time: 1, stream: 'stdout', text: 'again' });
    const lines: string[] = [];
    log.listen(({ text }) => lines.push(text));
    expect(lines.slice(0, 2)).toEqual(['early', 'again']);
    expect(lines.at(-1)).toBe('More than 100 characters of output: the rest is left out');
    expect(lines.length).toBeLessThan(20);
  });
});
