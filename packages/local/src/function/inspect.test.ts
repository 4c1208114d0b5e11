import { get } from 'node:http';

import { describe, expect, it } from 'vitest';

import { play } from './function.fixture.ts';

describe('a function under a debugger', () => {
  it('says where to attach, on loopback, prints nothing of it, and no time runs out', async () => {
    const urls: string[] = [];
    const played = await play(
      'export const handler = async () => { await new Promise((done) => setTimeout(done, 1500)); return 1; };',
      { inspect: true, onInspector: (url) => urls.push(url) },
      { timeout: 1 },
    );
    expect(await Promise.all([played.answer(), played.answer()])).toEqual([1, 1]);
    expect(urls).toEqual([expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/[0-9a-f-]+$/)]);
    expect(played.lines).toEqual([]);
    const { host } = new URL(urls[0] ?? '');
    const targets = await new Promise<string>((done, reject) => {
      get(`http://${host}/json/list`, (answer) => answer.setEncoding('utf8').on('data', done)).on(
        'error',
        reject,
      );
    });
    expect(targets).toContain('webSocketDebuggerUrl');
  });

  it('does not go together with the runtime client', async () => {
    await expect(play('', { inspect: true, runtimeClient: 'aws-lambda-ric' })).rejects.toThrow('"inspect"');
  });
});
