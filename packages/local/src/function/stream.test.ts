import { describe, expect, it } from 'vitest';

import { play } from './function.fixture.ts';

const streaming = (body: string): string => `
  const { awslambda } = globalThis as any;
  export const handler = awslambda.streamifyResponse(async (event: any, stream: any, context: any) => { ${body} });
`;

/** Takes a streamed answer as it comes. */
function sink(): {
  begun: unknown[];
  chunks: string[];
  begin: (prelude: unknown) => void;
  write: (chunk: Uint8Array) => void;
} {
  const begun: unknown[] = [];
  const chunks: string[] = [];
  return {
    begun,
    chunks,
    begin: (prelude) => begun.push(prelude),
    write: (chunk) => chunks.push(Buffer.from(chunk).toString()),
  };
}

describe('a streamed answer', () => {
  it('is collected where nobody takes it', async () => {
    const played = await play(
      streaming("stream.write('one '); stream.write(Buffer.from('two ')); stream.end('three');"),
    );
    const result = await played.call();
    expect(result.ok && Buffer.from(result.payload).toString()).toBe('one two three');
    expect(result).not.toHaveProperty('prelude');
  });

  it('comes with its head first, then as it is written', async () => {
    const played = await play(
      streaming(`
        const answer = awslambda.HttpResponseStream.from(stream, { statusCode: 201, cookies: ['a=1'] });
        answer.write('one');
        await new Promise((done) => setTimeout(done, 300));
        answer.end('two');`),
    );
    const taken = sink();
    const running = played.call({}, { stream: taken });
    await expect.poll(() => taken.chunks, { timeout: 10_000 }).toEqual(['one']);
    const result = await running;
    expect(taken).toMatchObject({ begun: [{ statusCode: 201, cookies: ['a=1'] }], chunks: ['one', 'two'] });
    expect(result).toMatchObject({ ok: true, prelude: { statusCode: 201 } });
  });

  it('breaks off where the handler fails', async () => {
    const played = await play(streaming("stream.write('half'); throw new RangeError('gone');"));
    const taken = sink();
    expect(await played.call({}, { stream: taken })).toMatchObject({
      ok: false,
      reason: 'error',
      error: { errorType: 'RangeError', errorMessage: 'gone' },
    });
    expect(taken.chunks).toEqual(['half']);
  });

  it('must be ended', async () => {
    const played = await play(streaming("stream.write('half');"));
    expect(await played.call()).toMatchObject({
      ok: false,
      error: { errorMessage: 'Response stream is not finished.' },
    });
  });

  it('may be larger than 6 MB, written against what is taken', async () => {
    const played = await play(
      streaming(`
        const { pipeline } = await import('node:stream/promises');
        await pipeline(async function* () { for (let count = 0; count < 80; count += 1) yield Buffer.alloc(100_000, 'x'); }, stream);`),
    );
    const result = await played.call();
    expect(result.ok && result.payload.length).toBe(8_000_000);
  });
});
