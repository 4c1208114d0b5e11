import { expect, test } from 'vitest';

import { lambda, play } from '../play.fixture.ts';

test('H18 a REST API waits 29 seconds and an HTTP API 30, less where the template says so', async () => {
  const app = await play(
    `  Rest: { Type: AWS::Serverless::Api, Properties: { StageName: prod } }
${lambda(
  'Slow',
  'http.slow',
  `Timeout: 40
Events:
  Rest: { Type: Api, Properties: { RestApiId: !Ref Rest, Path: /slow, Method: GET } }
  Http: { Type: HttpApi, Properties: { Path: /slow, Method: GET } }
  Short: { Type: HttpApi, Properties: { Path: /short, Method: GET, TimeoutInMillis: 100 } }`,
)}`,
  );
  const { Rest, ServerlessHttpApi: http } = app.urls;
  expect(await Promise.all([asked(`${Rest}/slow`), asked(`${http}/slow`), asked(`${http}/short`)])).toEqual([
    [504, { message: 'Endpoint request timed out' }, 29],
    [503, { message: 'Service Unavailable' }, 30],
    [503, { message: 'Service Unavailable' }, 0],
  ]);
  // The functions run on: only their own timeout ends them.
  expect(app.journal.entries().map(({ result }) => result)).toEqual([undefined, undefined, undefined]);
}, 60_000);

/** Status, body and how many seconds it took. */
async function asked(url: string): Promise<unknown> {
  const start = performance.now();
  const answer = await fetch(url);
  return [answer.status, await answer.json(), Math.round((performance.now() - start) / 1000)];
}
