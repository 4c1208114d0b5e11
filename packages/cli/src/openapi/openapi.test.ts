import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { folderWith, install, type Outcome, runProgram, withoutProgress } from '../program.fixture.ts';
import { merge, type Part } from './merge.ts';

const router = (
  routes: string,
  more = '',
): string => `import { httpHandler, httpRouter, route } from 'handlersmith/http';
import * as z from 'zod';
${more}
export const handler = httpRouter({ service: 'items' }, { ${routes} });
`;
const ITEMS = router("'GET /items': route({ query: z.object({ tag: z.string() }) }, () => [])");

const lambda = (name: string, events: string): string => `  ${name}:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      CodeUri: .
      Handler: ${name.toLowerCase()}.handler
      Environment: { Variables: { NAME: ${name} } }
      Events: { ${events} }
`;
const API = (path: string): string => `Any: { Type: HttpApi, Properties: { Path: ${path}, Method: ANY } }`;
const template = (...functions: readonly string[]): string =>
  `Transform: AWS::Serverless-2016-10-31\nResources:\n${functions.join('')}`;

const openapi = (words: readonly string[], files: Readonly<Record<string, string>>): Promise<Outcome> =>
  runProgram(['openapi', ...words], { folder: install(folderWith(files), 'handlersmith', 'zod') });

describe('wrong use and faults', () => {
  test.each<[words: string[], files: Record<string, string>, status: number, message: string]>([
    [[], {}, 2, 'There is no template in '],
    [['gone.ts'], {}, 2, 'There is no gone.ts.'],
    [['a.ts'], { 'a.ts': ITEMS }, 2, 'No package.json says a name: give --title.'],
    [['a.ts', '--title', 't'], { 'a.ts': 'export const a = ;' }, 1, 'a.ts:1:'],
    [['a.ts#nope', '--title', 't'], { 'a.ts': ITEMS }, 1, 'a.ts#nope: no export nope. There are: handler'],
    [
      ['a.ts', '--title', 't'],
      { 'a.ts': 'export const handler = 1;' },
      1,
      'a.ts: it is not made with httpRouter.',
    ],
    [['a.ts', '--title', 't'], { 'a.ts': "\n\nthrow new Error('no table');" }, 1, 'a.ts: no table\n    at '],
    [['a.ts', '--title', 't'], { 'a.ts': 'process.exit(3);' }, 1, 'it ended its process with 3'],
    [
      ['a.ts', '--title', 't'],
      {
        'a.ts': router(
          "'GET /a': route({ query: odd }, () => 1)",
          "const odd = { '~standard': { version: 1, vendor: 'odd', validate: (value: unknown) => ({ value }) } } as const;",
        ),
      },
      1,
      'a.ts: openapi: GET /a: query: this odd schema has no JSON Schema',
    ],
    [['--title', 't'], { 'template.yaml': template(lambda('A', '')), 'a.ts': ITEMS }, 1, 'No function of '],
    [
      ['--title', 't'],
      { 'template.yaml': template(lambda('A', API('/a'))), 'a.ts': 'export const handler = () => 1;' },
      1,
      'No function has a router.',
    ],
    [
      ['--title', 't'],
      {
        'template.yaml': template(lambda('A', 'B: { Type: SQS, Properties: { Queue: !GetAtt No.Arn } }')),
        'a.ts': ITEMS,
      },
      1,
      'The template cannot be played, for one thing:\ntemplate.yaml:10: ',
    ],
  ])('%j %#', async (words, files, status, message) => {
    const outcome = await openapi(words, files);
    expect(outcome.stderr).toContain(message);
    expect([outcome.status, outcome.stdout]).toEqual([status, '']);
  });
});

test('of a module: its routes, with what package.json says; what the module writes is not among it', async () => {
  const files = {
    'a.ts': `${ITEMS}\nconsole.log('loaded');\nsetInterval(() => {}, 1000);\nenum More { One }\nvoid More;`,
    'package.json': '{"name":"items","version":"1.2.3","description":"Things."}',
  };
  const { status, stdout, stderr } = await openapi(['a.ts', '--server', 'https://a.example'], files);
  expect(JSON.parse(stdout)).toMatchObject({
    openapi: '3.1.1',
    info: { title: 'items', version: '1.2.3', description: 'Things.' },
    servers: [{ url: 'https://a.example' }],
    paths: { '/items': { get: { parameters: [{ name: 'tag', in: 'query' }] } } },
  });
  expect([status, withoutProgress(stderr)]).toEqual([0, 'loaded\n']);
});

test('schemas that carry no JSON Schema are converted by what is installed beside the module', async () => {
  const mini = `import * as m from 'zod/mini';\nconst Query = m.object({ tag: m.string() });`;
  const files = { 'a.ts': router("'GET /a': route({ query: Query }, () => 1)", mini) };
  const { stdout, stderr } = await openapi(['a.ts', '--title', 't', '--json'], files);
  expect(withoutProgress(stderr)).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({ paths: { '/a': { get: { parameters: [{ name: 'tag' }] } } } });
  expect(stdout.split('\n')).toHaveLength(2);
});

test('of a template: all functions that requests come to, each with its variables; others are told', async () => {
  const files = {
    'template.yaml': template(
      lambda('A', API('/a')),
      lambda('B', API('/b')),
      lambda('C', API('/c')),
      lambda('D', 'S: { Type: Schedule, Properties: { Schedule: rate(1 hour) } }'),
    ),
    'a.ts': router(
      "'GET /a': route({ response: { 200: One } }, () => 1)",
      "if (process.env['NAME'] !== 'A') throw new Error('not mine');\nconst One = z.object({ a: z.string() }).meta({ id: 'One' });",
    ),
    'b.ts': router(
      "'GET /b': route({ response: { 200: One } }, () => 1)",
      "const One = z.object({ b: z.string() }).meta({ id: 'One' });",
    ),
    'c.ts': 'export const handler = () => 1;',
    'd.ts': 'throw new Error("nobody asked");',
    'package.json': '{"name":"shop"}',
  };
  const { status, stdout, stderr } = await openapi([], files);
  const { paths, components } = JSON.parse(stdout) as {
    paths: object;
    components: { schemas: Record<string, object> };
  };
  expect(Object.keys(paths)).toEqual(['/a', '/b']);
  expect(components.schemas['One']).toMatchObject({ properties: { a: {} } });
  expect(components.schemas['BOne']).toMatchObject({ properties: { b: {} } });
  expect(JSON.stringify(paths)).toMatch(/"\/b":.*#\/components\/schemas\/BOne"/);
  expect([status, withoutProgress(stderr)]).toEqual([0, 'Left out C: it is not made with httpRouter.\n']);
});

test('of the example in this repository', async () => {
  const folder = join(import.meta.dirname, '../../../../examples/items-api');
  const { status, stdout } = await runProgram(['openapi', '--json'], { folder });
  expect(status).toBe(0);
  expect(Object.keys((JSON.parse(stdout) as { paths: object }).paths)).toEqual(['/items', '/items/{id}']);
});

const part = (name: string, path: string, operationId: string): Part => ({
  name,
  document: {
    openapi: '3.1.1',
    info: { title: 't', version: '1' },
    paths: { [path]: { get: { operationId, responses: {} } } },
    components: { schemas: { Same: { type: 'string' } }, responses: {} },
  },
});

describe('merging', () => {
  test('one operation of two functions is refused, and one id for two operations', () => {
    expect(() => merge([part('A', '/a', 'a'), part('B', '/a', 'b')])).toThrow("GET /a is both A's and B's.");
    expect(() => merge([part('A', '/a', 'a'), part('B', '/b', 'a')])).toThrow(
      "The operationId a is both A's and B's.",
    );
  });

  test('a schema that is the same stands once', () => {
    const { components } = merge([part('A', '/a', 'a'), part('B', '/b', 'b')]);
    expect(Object.keys(components.schemas)).toEqual(['Same']);
  });
});
