import { describe, expect, it } from 'vitest';

import { play, type Played } from './function.fixture.ts';

const source = `
  const { awslambda } = globalThis as any;
  class NotEnough extends Error { override name = 'NotEnough'; }
  export const handler = async (event: any, context: any) => {
    console.log('called', event.do);
    if (event.do === 'throw') throw new NotEnough('only 3');
    if (event.do === 'nothing') return;
    if (event.do === 'large') return 'x'.repeat(6_291_560);
    if (event.do === 'cycle') { const cycle: any = {}; cycle.cycle = cycle; return cycle; }
    if (event.do === 'exit') process.exit(3);
    if (event.do === 'hang') await new Promise(() => setTimeout(() => {}, 60_000));
    return {
      event, name: context.functionName, id: context.awsRequestId, arn: context.invokedFunctionArn,
      memory: context.memoryLimitInMB, trace: process.env['_X_AMZN_TRACE_ID'], keys: Object.keys(context).toSorted(),
      left: context.getRemainingTimeInMillis() > 500, store: awslambda.InvokeStore.getRequestId(), client: context.clientContext,
    };
  };
  export const rows = awslambda.streamifyResponse(async (event: any, stream: any) => {
    const answer = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });
    answer.write('one');
    if (event.do === 'throw') throw new NotEnough('only 3');
    answer.end('two');
  });
`;

/** What a caller sees: all but what was measured, and where the runtime's own code shows. */
async function seen(played: Played, event: unknown): Promise<unknown> {
  const result = await played.call(event, { requestId: 'abc', clientContext: '{"client":{"app":"shop"}}' });
  if (!result.ok) {
    const { error, reason } = result;
    const { errorType, errorMessage, trace } = error;
    const place = /\(.*(\/handler\.ts:.*)\)/.exec(trace[1] ?? '')?.[1];
    return { reason, errorType, errorMessage, first: trace[0], place };
  }
  const { payload, prelude } = result;
  return {
    prelude,
    payload: typeof payload === 'string' ? (JSON.parse(payload) as unknown) : Buffer.from(payload).toString(),
  };
}

describe("our runtime and Lambda's own runtime client", () => {
  it.each(['answer', 'throw', 'nothing', 'large', 'cycle', 'exit', 'hang'])(
    'give the same: %s',
    async (what) => {
      const ours = await play(source, {}, { timeout: 1 });
      const theirs = await play(source, { runtimeClient: 'aws-lambda-ric' }, { timeout: 1 });
      const expected = await seen(theirs, { do: what });
      expect(await seen(ours, { do: what })).toEqual(expected);
      expect(JSON.stringify(expected).length).toBeGreaterThan(10);
      // Both go on.
      expect(await seen(ours, { do: 'answer' })).toEqual(await seen(theirs, { do: 'answer' }));
      expect(theirs.lines[0]).toContain('called');
    },
  );

  it.each(['answer', 'throw'])('stream the same: %s', async (what) => {
    const [ours, theirs] = await Promise.all([
      play(source, {}, { exported: 'rows' }),
      play(source, { runtimeClient: 'aws-lambda-ric' }, { exported: 'rows' }),
    ]);
    expect(await seen(ours, { do: what })).toEqual(await seen(theirs, { do: what }));
  });

  it.each([
    ["throw new TypeError('no table');", 'handler'],
    ['export const other = 1;', 'handler'],
    ['export const handler = 1;', 'handler'],
    ['process.exit(7);', 'handler'],
  ])('fail to start the same: %s', async (text, exported) => {
    const ours = await play(text, {}, { exported });
    const theirs = await play(text, { runtimeClient: 'aws-lambda-ric' }, { exported });
    expect(await seen(ours, {})).toEqual(await seen(theirs, {}));
  });
});
