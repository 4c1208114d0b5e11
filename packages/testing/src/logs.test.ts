import { Console } from 'node:console';

import { describe, expect, it } from 'vitest';

import { captureLogs } from './logs.ts';

/** Everything that a capture takes over. */
function writers(): unknown[] {
  const streams = [process.stdout, process.stderr].map((stream): unknown => Reflect.get(stream, 'write'));
  return [...streams, console.debug, console.error, console.info, console.log, console.trace, console.warn];
}

function throwAtOnce(): never {
  throw new Error('at once');
}

describe('O1 captureLogs', () => {
  it('reads lines from stdout, stderr and the console, in order', async () => {
    const { result, lines, raw } = await captureLogs(async () => {
      process.stdout.write('{"n":1}\n');
      console.log('{"n":%d}', 2);
      await Promise.resolve();
      console.error('{"n":3}');
      process.stderr.write('{"n":4}\n');
      return 'done';
    });
    expect(result).toBe('done');
    expect(lines).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
    expect(raw).toEqual(['{"n":1}', '{"n":2}', '{"n":3}', '{"n":4}']);
  });

  it('reads a console that was made before, as loggers keep one', async () => {
    const own = new Console({ stdout: process.stdout, stderr: process.stderr });
    const { lines } = await captureLogs(() => {
      own.info('{"n":1}');
      own.warn('{"n":2}');
    });
    expect(lines).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it.each(['debug', 'error', 'info', 'log', 'trace', 'warn'] as const)('reads console.%s', async (method) => {
    const { lines } = await captureLogs(() => console[method]('{"n":1}'));
    expect(lines).toEqual([{ n: 1 }]);
  });

  it('keeps lines that are no JSON objects', async () => {
    const { lines } = await captureLogs(() => console.log('plain\n7\n[1]\nnull\n"text"\n{broken'));
    expect(lines.map((line) => line['unparsed'])).toEqual(['plain', '7', '[1]', 'null', '"text"', '{broken']);
  });

  it('puts together what comes in pieces, and takes an open line at the end', async () => {
    const { raw } = await captureLogs(() => {
      process.stdout.write('{"a":');
      process.stderr.write('other\r\n');
      process.stdout.write('1}\n\n{"b"');
      process.stdout.write(':2}');
    });
    expect(raw).toEqual(['other', '{"a":1}', '{"b":2}']);
  });

  it('calls back who waits for a write', async () => {
    const { raw } = await captureLogs(async () => {
      await new Promise<void>((resolve) => void process.stdout.write('a\n', () => resolve()));
      await new Promise<void>((resolve) => void process.stdout.write('b\n', 'utf8', () => resolve()));
    });
    expect(raw).toEqual(['a', 'b']);
  });

  it('restores everything, also after an error', async () => {
    const before = writers();
    await captureLogs(() => {});
    expect(writers()).toEqual(before);
    await expect(captureLogs(() => Promise.reject(new Error('late')))).rejects.toThrow('late');
    await expect(captureLogs(throwAtOnce)).rejects.toThrow('at once');
    expect(writers()).toEqual(before);
  });

  it('refuses captures that overlap, and works again after', async () => {
    const { result } = await captureLogs(() => captureLogs(() => {}).catch((error: unknown) => error));
    expect(result).toMatchObject({ message: expect.stringContaining('cannot overlap') });
    expect((await captureLogs(() => console.log('{"n":1}'))).lines).toEqual([{ n: 1 }]);
  });
});
