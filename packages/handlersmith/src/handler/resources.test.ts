import { spawn } from 'node:child_process';
import { once as eventOf } from 'node:events';

import { describe, expect, it, vi } from 'vitest';

import { once } from './resources.ts';

describe('once', () => {
  it('A2 makes nothing until asked, and then once', async () => {
    const make = vi.fn<() => Promise<object>>(async () => ({}));
    const resources = once(make);
    expect(make).not.toHaveBeenCalled();
    const first = await resources();
    expect(await resources()).toBe(first);
    expect(make).toHaveBeenCalledTimes(1);
  });

  it('A2 is shared by overlapping invocations', async () => {
    const { promise, resolve } = Promise.withResolvers<object>();
    const make = vi.fn<() => Promise<object>>(() => promise);
    const resources = once(make);
    const asked = [resources(), resources(), resources()];
    const made = {};
    resolve(made);
    expect(await Promise.all(asked.map(async (each) => each))).toEqual([made, made, made]);
    expect(make).toHaveBeenCalledTimes(1);
  });

  it('gives the value itself once it is there', async () => {
    const resources = once(async () => 7);
    expect(resources()).toBeInstanceOf(Promise);
    await resources();
    expect(resources()).toBe(7);
  });

  it('gives a value that needs no promise at once', () => {
    expect(once(() => 7)()).toBe(7);
  });

  it.each([undefined, null, 0, '', false])('makes %o only once, too', async (nothing) => {
    const make = vi.fn<() => unknown>(async () => nothing);
    const resources = once(make);
    await resources();
    expect(resources()).toBe(nothing);
    expect(make).toHaveBeenCalledTimes(1);
  });

  it('keeps no rejection: the next invocation tries again', async () => {
    const make = vi.fn<() => Promise<number>>(async () => 7);
    make.mockRejectedValueOnce(new Error('no network'));
    const resources = once(make);
    const overlapping = await Promise.allSettled([resources(), resources()]);
    expect(overlapping.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(make).toHaveBeenCalledTimes(1);
    expect(await resources()).toBe(7);
  });

  it('keeps no synchronous throw either', () => {
    const make = vi.fn<() => number>(() => 7);
    make.mockImplementationOnce(() => {
      throw new Error('no configuration');
    });
    const resources = once(make);
    expect(() => resources()).toThrow('no configuration');
    expect(resources()).toBe(7);
  });
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** Runs a script that uses `once`, sends SIGTERM when it says "ready", and tells how it ended. */
async function terminated(script: string): Promise<Ended> {
  const source = JSON.stringify(new URL('resources.ts', import.meta.url).href);
  const program = `
    const { once } = await import(${source});
    const say = (text) => process.stdout.write(text + '\\n');
    const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    const alive = setInterval(() => {}, 1000);
    ${script}
    say('ready');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (text.includes('ready')) child.kill('SIGTERM');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code, signal] = (await eventOf(child, 'close')) as [Ended['code'], Ended['signal']]; // as node:child_process says
  return { code, signal, output: output.replace('ready\n', '') };
}

describe('at SIGTERM', () => {
  it('disposes of the whole, and the process ends by SIGTERM as if nobody had listened', async () => {
    const ended = await terminated(`
      await once(async () => ({ async [Symbol.asyncDispose]() { await later(20); say('pool closed'); } }))();`);
    expect(ended).toEqual({ code: null, signal: 'SIGTERM', output: 'pool closed\n' });
  });

  it('disposes of the members, each in its own way', async () => {
    const ended = await terminated(`
      once(() => ({
        pool: { async [Symbol.asyncDispose]() { await later(20); say('pool closed'); } },
        file: { [Symbol.dispose]() { say('file closed'); } },
        table: 'items',
        nothing: null,
        plain: {},
      }))();`);
    expect(ended).toEqual({ code: null, signal: 'SIGTERM', output: 'file closed\npool closed\n' });
  });

  it('leaves the members to a whole that disposes of itself', async () => {
    const ended = await terminated(`
      once(() => ({ [Symbol.dispose]() { say('whole'); }, member: { [Symbol.dispose]() { say('member'); } } }))();`);
    expect(ended.output).toBe('whole\n');
  });

  it('one disposal that fails keeps no other from being done', async () => {
    const ended = await terminated(`
      once(() => ({
        bad: { [Symbol.dispose]() { throw new Error('no'); } },
        worse: { async [Symbol.asyncDispose]() { throw new Error('no'); } },
        good: { async [Symbol.asyncDispose]() { await later(20); say('closed'); } },
      }))();`);
    expect(ended).toEqual({ code: null, signal: 'SIGTERM', output: 'closed\n' });
  });

  it('waits for the resources of every handler in the process', async () => {
    const ended = await terminated(`
      once(() => ({ [Symbol.dispose]() { say('quick'); } }))();
      once(() => ({ async [Symbol.asyncDispose]() { await later(50); say('slow'); } }))();`);
    expect(ended).toEqual({ code: null, signal: 'SIGTERM', output: 'quick\nslow\n' });
  });

  it('leaves the end to others who listen', async () => {
    const ended = await terminated(`
      once(() => ({ [Symbol.dispose]() { say('closed'); } }))();
      process.on('SIGTERM', async () => { await later(30); say('flushed'); process.exit(3); });`);
    expect(ended).toEqual({ code: 3, signal: null, output: 'closed\nflushed\n' });
  });

  it('nothing made or nothing to dispose of: nobody listens', async () => {
    const ended = await terminated(`
      once(() => ({ [Symbol.dispose]() { say('never made'); } }));
      for (const value of [undefined, null, 'text', {}, [1], { client: {} }]) once(() => value)();
      say(process.listenerCount('SIGTERM'));`);
    expect(ended).toEqual({ code: null, signal: 'SIGTERM', output: '0\n' });
  });
});
