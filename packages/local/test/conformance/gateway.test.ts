import type { LocalApp } from '@handlersmith/local';
import { beforeAll, describe, expect, test } from 'vitest';

import { eventOf, lambda, play } from '../play.fixture.ts';

/** A load balancer whose target group is asked for in one of the two ways. */
const balancer = (id: string, target: string, multiValue: boolean): string => `
  ${id}Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      TargetType: lambda
      Targets: [{ Id: !GetAtt ${target}.Arn }]
      TargetGroupAttributes: [{ Key: lambda.multi_value_headers.enabled, Value: '${multiValue}' }]
  ${id}Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Subnets: [a, b] } }
  ${id}:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref ${id}Balancer
      Port: 80
      Protocol: HTTP
      DefaultActions: [{ Type: forward, TargetGroupArn: !Ref ${id}Group }]
`;

/** One function behind all five. */
const everywhere = (id: string, handler: string, more = ''): string =>
  `
  ${id}Rest:
    Type: AWS::Serverless::Api
    Properties: { StageName: prod, BinaryMediaTypes: ['application/octet-stream'] }
  ${id}Http: { Type: AWS::Serverless::HttpApi }
${lambda(
  id,
  handler,
  `MemorySize: 512
Timeout: 30
FunctionUrlConfig: { AuthType: NONE }
Events:
  Root: { Type: Api, Properties: { RestApiId: !Ref ${id}Rest, Path: '/', Method: ANY } }
  Rest: { Type: Api, Properties: { RestApiId: !Ref ${id}Rest, Path: '/{proxy+}', Method: ANY } }
  Http: { Type: HttpApi, Properties: { ApiId: !Ref ${id}Http } }
${more}`,
)}${balancer(`${id}Alb`, id, false)}${balancer(`${id}Multi`, id, true)}`;

const kinds = ['Rest', 'Http', 'Url', 'Alb', 'Multi'] as const;

let local: LocalApp;
beforeAll(async () => {
  local = await play(
    everywhere('App', 'http.app') +
      everywhere('Large', 'http.large') +
      everywhere('Throws', 'http.throws') +
      everywhere('Odd', 'http.raw', `Environment: { Variables: { ANSWER: '{"statusCode":"many"}' } }`),
  );
}, 60_000);

const urlOf = (id: string, kind: string): string => {
  const url = local.urls[`${id}${kind}`];
  if (url === undefined) throw new Error(`No ${id}${kind} in ${Object.keys(local.urls).join(', ')}`);
  return url;
};

describe.each(kinds)('%s: real requests to an app of handlersmith/http', (kind) => {
  const call = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${urlOf('App', kind)}${path}`, init);

  test('H2 H6 H7 H8 H9 path, query, header and cookie arrive alike, and answers leave alike', async () => {
    const answer = await call('/items/a%20b?tag=1&tag=c%2Bd&empty=', {
      headers: { 'X-Tag': 'one', Cookie: 'flavour=sweet; other=1' },
    });
    expect(answer.status).toBe(200);
    // A load balancer that is asked for single values passes on the last of a repeated parameter.
    const tag = kind === 'Alb' ? 'c+d' : ['1', 'c+d'];
    expect(await answer.json()).toEqual({
      id: 'a b',
      query: { tag, empty: '' },
      tag: 'one',
      flavour: 'sweet',
    });
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^seen=yes;.*Expires=Wed, 02 Jan 2030/u),
    ]);
  });

  test('H9 two cookies are two lines, but for a load balancer of single values', async () => {
    const cookies = (await call('/two-cookies')).headers.getSetCookie();
    expect(cookies.map((line) => line.split(';')[0])).toEqual(kind === 'Alb' ? ['a=1'] : ['a=1', 'b=2']);
  });

  test('H3 H14 bytes come and go as they are; JSON is read', async () => {
    const bytes = Buffer.from([0, 255, 128, 13, 10, 195, 40]);
    const headers = { 'content-type': 'application/octet-stream', accept: 'application/octet-stream' };
    const echoed = await call('/bytes', { method: 'POST', headers, body: bytes });
    expect(Buffer.from(await echoed.arrayBuffer())).toEqual(bytes);
    const json = await call('/items', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"Größe"}',
    });
    expect(await json.json()).toEqual({ got: { name: 'Größe' } });
  });

  test('H4 H13 H16 H17 HEAD, 204, a problem and what is not there', async () => {
    const head = await call('/items/1', { method: 'HEAD' });
    expect([head.status, await head.text(), head.headers.get('etag')]).toEqual([200, '', '"1"']);
    const gone = await call('/items/1', { method: 'DELETE' });
    expect([gone.status, await gone.text()]).toEqual([204, '']);
    const refused = await call('/refused');
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect([refused.status, await refused.json()]).toEqual([
      400,
      expect.objectContaining({ detail: 'not so' }),
    ]);
    expect((await call('/nowhere')).status).toBe(404);
    const wrongMethod = await call('/items', { method: 'PUT' });
    expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([
      405,
      expect.stringContaining('POST'),
    ]);
  });
});

/** What each says where the function, or its answer, is no good. */
const failures = {
  Rest: [502, '{"message":"Internal server error"}'],
  Http: [500, '{"message":"Internal Server Error"}'],
  Url: [502, 'Internal Server Error'],
  Alb: [502, expect.stringContaining('502 Bad Gateway')],
  Multi: [502, expect.stringContaining('502 Bad Gateway')],
} as const;

const tooLargeBodies = {
  Rest: /^\{"message":"Request Too Long"\}$/u,
  Http: /^\{"message":"Request Entity Too Large"\}$/u,
  Url: /^\{"Message":"Request must be smaller than 6291456 bytes"\}$/u,
  Alb: /413 Request Entity Too Large/u,
  Multi: /413 Request Entity Too Large/u,
} as const;

describe.each(kinds)('%s: its own errors and limits', (kind) => {
  const post = async (id: string, body: string, path = '/'): Promise<Response> =>
    fetch(`${urlOf(id, kind)}${path}`, { method: 'POST', body, headers: { 'content-type': 'text/plain' } });

  test('H16 a function that throws: nothing of it reaches the client', async () => {
    expect(await said(await post('Throws', 'x'))).toEqual(failures[kind]);
  });

  test('H11 H12 a status that is none', async () => {
    expect(await said(await post('Odd', 'x'))).toEqual(failures[kind]);
  });

  const size = (bytes: number): Promise<Response> => post('App', 'x'.repeat(bytes), '/size');
  const isBalancer = kind === 'Alb' || kind === 'Multi';
  const MB = 1024 * 1024;

  test('H19 what Lambda or the load balancer does not take back', async () => {
    const most = (isBalancer ? 1 : 6) * MB;
    const fits = await post('Large', String(most - 1_000));
    expect([fits.status, (await fits.text()).length]).toEqual([200, most - 1_000]);
    const larger = await post('Large', String(most + 1));
    expect((await larger.text()).length).toBeLessThan(1_000);
    expect(larger.status).toBe(failures[kind][0]);
  });

  test('H10 a body larger than the gateway takes, or than Lambda does', async () => {
    const fits = await size((isBalancer ? 1 : 5) * MB);
    expect(await fits.json()).toEqual({ bytes: (isBalancer ? 1 : 5) * MB });
    const before = local.journal.entries().length;
    expect((await size((isBalancer ? 1 : 6) * MB + 1)).status).toBe(413);
    const tooLarge = await size(10 * MB + 1);
    expect(tooLarge.status).toBe(413);
    const body = await tooLarge.text();
    expect(body).toMatch(tooLargeBodies[kind]);
    expect(local.journal.entries().length).toBe(before);
  });
});

describe('what a template says of a gateway', () => {
  test('H8 the stage is in the URL and the context, not in the path routes see', async () => {
    const app = await play(
      `  Named: { Type: AWS::Serverless::HttpApi, Properties: { StageName: v1 } }
  Rest: { Type: AWS::Serverless::Api, Properties: { StageName: prod } }
${lambda(
  'Items',
  'http.app',
  `Events:
  Named: { Type: HttpApi, Properties: { ApiId: !Ref Named } }
  Rest: { Type: Api, Properties: { RestApiId: !Ref Rest, Path: '/items/{id}', Method: GET } }`,
)}`,
    );
    expect(app.urls).toEqual({
      Named: expect.stringMatching(/\/v1$/u),
      Rest: expect.stringMatching(/\/prod$/u),
    });
    for (const url of Object.values(app.urls)) {
      // One after the other: the journal is read in this order.
      // oxlint-disable-next-line no-await-in-loop
      expect(await (await fetch(`${url}/items/7`)).json()).toMatchObject({ id: '7' });
    }
    const [named, rest] = app.journal.entries();
    expect(eventOf(named)).toMatchObject({ rawPath: '/v1/items/7', requestContext: { stage: 'v1' } });
    expect(eventOf(rest)).toMatchObject({
      path: '/items/7',
      resource: '/items/{id}',
      requestContext: { stage: 'prod', path: '/prod/items/7' },
    });
    const outside = await fetch(new URL('/items/7', app.urls['Named']));
    expect([outside.status, await outside.text()]).toEqual([404, '{"message":"Not Found"}']);
    const missing = await fetch(`${app.urls['Rest']}/nowhere`);
    expect([missing.status, await missing.json()]).toEqual([
      403,
      { message: 'Missing Authentication Token' },
    ]);
  });

  test('H15 CORS of an HTTP API and of a Function URL answers for the function', async () => {
    const cors = `Cors: { AllowOrigins: ['https://app.example.com'], AllowMethods: [GET], AllowHeaders: [x-tag] }`;
    const app = await play(
      `  Http:
    Type: AWS::Serverless::HttpApi
    Properties: { CorsConfiguration: { AllowOrigins: ['https://app.example.com'], AllowMethods: [GET], AllowHeaders: [x-tag] } }
${lambda(
  'Items',
  'http.app',
  `FunctionUrlConfig: { AuthType: NONE, ${cors} }
Events: { Http: { Type: HttpApi, Properties: { ApiId: !Ref Http } } }`,
)}`,
    );
    for (const url of Object.values(app.urls)) {
      const preflight = (origin: string): Promise<Response> =>
        fetch(`${url}/items/1`, {
          method: 'OPTIONS',
          headers: { origin, 'access-control-request-method': 'GET' },
        });
      // oxlint-disable no-await-in-loop -- one gateway after the other: what failed is easier to see
      const before = app.journal.entries().length;
      const allowed = await preflight('https://app.example.com');
      expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
      expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
      expect(app.journal.entries().length).toBe(before);
      const answer = await fetch(`${url}/nowhere`, { headers: { origin: 'https://app.example.com' } });
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([
        404,
        'https://app.example.com',
      ]);
      // oxlint-enable no-await-in-loop
    }
  });
});

async function said(answer: Response): Promise<unknown> {
  return [answer.status, await answer.text()];
}
