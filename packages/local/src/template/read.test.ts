import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';

import { readTemplate } from './read.ts';
import { cloudFormation, read, sam, told } from './template.fixture.ts';

const folder = await mkdtemp(join(tmpdir(), 'read-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a file that is no template', () => {
  test('JSON has its quotes already', async () => {
    const app = await read('{"Resources": {\n"A": {"Type": "AWS::SQS::Queue"}\n"B": {}\n}}');
    expect(told(app)).toEqual(['3 error not a valid template, column 1: Missing , between flow map items']);
  });

  test('rejects where it cannot be read, and says why', async () => {
    await expect(readTemplate('/nowhere/template.yaml')).rejects.toThrow(
      /^readTemplate: cannot read the template: ENOENT/,
    );
  });

  test.each([
    ['', '1 error the template must be a map with Resources'],
    ['- a', '1 error the template must be a map with Resources'],
    [
      'a: 1\n  b: 2\n',
      '1 error not a valid template, column 4: Nested mappings are not allowed in compact mappings',
    ],
    [
      'Resources:\n  A: { Path: /items/{id}, Method: GET }\n  B: { Path: /items, Method: GET }\n',
      '2 error not a valid template, column 21: Unexpected flow-map-start at node end. A text with { } [ ] , : or # in it needs quotes',
    ],
    ['Resources:\n  A: [1, 2\n', 'error not a valid template, column'],
    ['Resources: {}\nResources: {}\n', '2 error not a valid template: the key "Resources" is there twice'],
    ['{"Resources": {"A": }', 'error not a valid template'],
    ['a: &a [*a]\n', '1 error not a valid template: an anchor that holds itself'],
    ['a: *nobody\n', '1 error not a valid template'],
    ['a: \n  ? [x]\n  : 1\n', '2 error not a valid template: a key must be text'],
    ['Description: x\n', '1 error the template has no Resources'],
    ['Resources: {}\n', '1 error the template has no Resources'],
    [
      'Resources:\n  A: !Nonsense x\n',
      '2 error Unresolved tag: !Nonsense: CloudFormation has no such short form',
    ],
  ])('%j', async (text, expected) => {
    const app = await read(text);
    expect(told(app).join('\n')).toContain(expected);
    expect(app.functions).toEqual([]);
  });

  test('that is nested too deep is refused, by us or by the parser', async () => {
    const deep = `a: ${'['.repeat(300)}${']'.repeat(300)}`;
    expect(told(await read(deep))[0]).toBe('1 error not a valid template: nested more than 200 deep');
    expect(told(await read('[ '.repeat(20_000))).join()).toContain('error not a valid template');
  });

  test('anchors cannot make a small text a large one', async () => {
    const bomb = Array.from({ length: 12 }, (_, index) =>
      index === 0
        ? 'a0: &a0 [x]'
        : `a${index}: &a${index} [${Array(10)
            .fill(`*a${index - 1}`)
            .join(', ')}]`,
    );
    expect(told(await read(bomb.join('\n'))).join()).toContain('more than 500000 values');
  });

  test('all errors are told, not the first only', async () => {
    const app = await read(
      sam('', 'Timeout: 901\nMemorySize: 1\nLayers: [x]\nNonsense: 1\nTags: !Ref Nobody'),
    );
    expect(told(app)).toEqual([
      '9 error Work: "Timeout" must be a whole number from 1 to 900 seconds, got "901"',
      '10 error Work: "MemorySize" must be a whole number from 128 to 10240 MB, got "1"',
      '11 unknown Work: "Layers" is not played here, left out',
      '12 unknown Work: "Nonsense" is not played here, left out',
      '13 error "Nobody" is neither a parameter nor a resource of this template',
    ]);
  });

  test('any value in place of any part gives findings, never a fault', async () => {
    const json = fc.jsonValue({ maxDepth: 4 });
    const parts = [
      'Resources',
      'Parameters',
      'Globals',
      'Conditions',
      'Outputs',
      'Mappings',
      'Transform',
      'Rules',
    ];
    const types = [
      'AWS::Serverless::Function',
      'AWS::DynamoDB::Table',
      'AWS::S3::Bucket',
      'AWS::SQS::Queue',
      'AWS::SNS::Topic',
    ];
    const properties = [
      'Events',
      'Environment',
      'NotificationConfiguration',
      'RedrivePolicy',
      'KeySchema',
      'Handler',
      'CodeUri',
      'Subscription',
    ];
    const resource = fc.record({
      Type: fc.oneof(fc.constantFrom(...types), json),
      Properties: fc.oneof(json, fc.dictionary(fc.constantFrom(...properties), json)),
      Metadata: json,
    });
    const template = fc.record(
      Object.fromEntries([
        ...parts.map((part) => [part, json] as const),
        ['Resources', fc.oneof(json, fc.dictionary(fc.constantFrom('A', 'B'), resource))] as const,
      ]),
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(template, async (value) => {
        expect(Array.isArray((await read(stringify(value))).findings)).toBe(true);
        expect(Array.isArray((await read(JSON.stringify(value))).findings)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('any text gives findings, never a fault', async () => {
    const pieces = fc.constantFrom(
      'Resources:',
      '\n',
      '  ',
      '!Ref ',
      '!Sub ',
      '${',
      '}',
      '- ',
      ': ',
      '&a ',
      '*a',
      '{',
      '[',
      ']',
      '"',
      "'",
      '<<',
      '|',
      'A',
      'Type',
      '\t',
      '#',
      '%YAML 9\n',
      '---\n',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 40 }), fc.string(), async (some, more) => {
        expect((await read(some.join('') + more)).findings.length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe('YAML and JSON', () => {
  test('words, numbers and keys are what CloudFormation takes them for', async () => {
    const app = await read(
      sam(
        '',
        'Environment:\n  Variables:\n    ON_: on\n    Y_: y\n    N_: N\n    ACCOUNT: 012345678901\n    LONG: 123456789012345678901\n    FLOAT: 1.5\n    DATE: 2012-10-17\n    123: a',
      ),
    );
    expect(app.functions[0]?.environment).toEqual({
      ON_: 'true',
      Y_: 'y',
      N_: 'N',
      ACCOUNT: '012345678901',
      LONG: '123456789012345678901',
      FLOAT: '1.5',
      DATE: '2012-10-17',
      '123': 'a',
    });
    expect(told(app)).toEqual([expect.stringContaining('environment variable "123"')]);
  });

  test('anchors and merge keys are followed', async () => {
    const app = await read(
      sam(
        'Other:\n  Type: AWS::Serverless::Function\n  Properties:\n    <<: *shared\n    Timeout: 7',
      ).replace('    Properties:\n', '    Properties: &shared\n      Timeout: 5\n'),
    );
    expect(told(app)).toEqual([]);
    expect(app.functions.map(({ timeout }) => timeout)).toEqual([5, 7]);
  });

  test('JSON has lines too, tabs and all', async () => {
    const text =
      '{\n\t"Resources": {\n\t\t"A": { "Type": "AWS::SQS::Queue",\n\t\t"Properties": { "VisibilityTimeout": -1 } }\n\t}\n}';
    expect(told(await read(text))).toEqual([
      '4 error A: "VisibilityTimeout" must be a whole number from 0 to 43200 seconds, got "-1"',
    ]);
  });

  test('a key of the language is a key like any other', async () => {
    const app = await read(
      cloudFormation('__proto__: { Type: AWS::SQS::Queue }\nconstructor: { Type: toString }'),
    );
    expect(told(app)).toEqual([
      '9 error "__proto__": a logical id is letters and digits',
      '10 unknown constructor: resources of type toString are not played, left out',
    ]);
  });
});

describe('sections', () => {
  test.each([
    ['Resorces: {}', 'error a template has no section "Resorces"'],
    ["AWSTemplateFormatVersion: '2012-10-17'", 'error AWSTemplateFormatVersion must be 2010-09-09'],
    ['Mappings: [a]', 'error Mappings must be a map'],
    ['Hooks: {}', 'unknown Hooks are not played, left out'],
    ['Rules: { Mine: {} }', 'unknown rule "Mine" is not checked here'],
    ['Transform: [AWS::Include]', 'unknown Transform AWS::Include runs in AWS, what it does is left out'],
    [
      'Globals: { Function: { FunctionName: a } }',
      'error Globals.Function: "FunctionName" belongs to one resource, SAM refuses it here',
    ],
    ['Globals: { Fun: {} }', 'error Globals: SAM knows no section "Fun"'],
  ])('%s', async (line, expected) => {
    const app = await read(`${line}\nResources:\n  A: { Type: AWS::SQS::Queue }\n`);
    expect(told(app)).toEqual([`1 ${expected}`]);
  });

  test("SAM's resources need SAM's transform", async () => {
    expect(told(await read('Resources:\n  A: { Type: AWS::Serverless::SimpleTable }'))).toEqual([
      '1 error A is a resource of SAM: the template needs Transform: AWS::Serverless-2016-10-31',
    ]);
  });
});

describe('names', () => {
  test('of the stack comes from the folder, past what tools put there', async () => {
    const file = join(folder, 'template.yaml');
    writeFileSync(file, 'Resources:\n  A: { Type: AWS::SQS::Queue }');
    const app = await readTemplate(file);
    expect(app.name).toMatch(/^read-[A-Za-z0-9-]+$/);
    expect(app.queues[0]?.name).toBe(`${app.name}-A`);
    expect(app.file).toBe(file);
  });

  test.each([
    ['AWS::SQS::Queue', 'queues', 'shop-A', 'arn:aws:sqs:eu-west-1:123456789012:shop-A'],
    ['AWS::S3::Bucket', 'buckets', 'shop-a', 'arn:aws:s3:::shop-a'],
    ['AWS::SNS::Topic', 'topics', 'shop-A', 'arn:aws:sns:eu-west-1:123456789012:shop-A'],
    ['AWS::Kinesis::Stream', 'streams', 'shop-A', 'arn:aws:kinesis:eu-west-1:123456789012:stream/shop-A'],
  ] as const)('of %s', async (type, list, name, arn) => {
    expect((await read(`Resources:\n  A: { Type: ${type} }`))[list]).toMatchObject([{ id: 'A', name, arn }]);
  });

  test('that are declared count, and FIFO shows in those that are made', async () => {
    const app = await read(
      'Resources:\n  A: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub "${AWS::StackName}-mine" } }\n  B: { Type: AWS::SQS::Queue, Properties: { FifoQueue: true } }\n  C: { Type: AWS::SNS::Topic, Properties: { FifoTopic: true } }',
      { queueEndpoint: 'http://127.0.0.1:9324/' },
    );
    expect(told(app)).toEqual([]);
    expect(app.queues.map(({ url }) => url)).toEqual([
      'http://127.0.0.1:9324/123456789012/shop-mine',
      'http://127.0.0.1:9324/123456789012/shop-B.fifo',
    ]);
    expect(app.topics[0]?.name).toBe('shop-C.fifo');
  });

  test('cannot be there twice', async () => {
    const queue = '{ Type: AWS::SQS::Queue, Properties: { QueueName: mine } }';
    expect(told(await read(`Resources:\n  A: ${queue}\n  B: ${queue}`))).toEqual([
      `3 error B: A has the name "mine" too; a queue's name is its own`,
    ]);
  });
});
