import { describe, expect, test } from 'vitest';

import { type Outcome, runHere, runProgram } from '../program.fixture.ts';
import { builders } from './build.ts';
import { triggers } from './triggers.ts';

const printed = (...words: readonly string[]): Promise<Outcome> => runHere(['event', ...words]);

async function event<Event>(...words: readonly string[]): Promise<Event> {
  const { stdout, stderr, status } = await printed(...words);
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Event; // the assertions look at it
}

describe('wrong use', () => {
  test.each([
    [[], 'event needs trigger. One of the triggers above.'],
    [['s4'], 'There is no trigger s4. Did you mean s3?'],
    [['__proto__'], 'There is no trigger __proto__.'],
    [['s3', '--set', 'key'], '--set takes path=value, such as body.name=Lamp, not "key".'],
    [['s3', '--set', 'kye=a'], 's3 has no field "kye". Did you mean key?'],
    [['s3', '--set', 'constructor=a'], 's3 has no field "constructor".'],
    [['s3', '--set', '[0]=a'], 's3 has no field "undefined".'],
    [['s3', '--set', 'key.a=b'], '--set key.a=b: key has nothing in it, it is one value.'],
    [['s3', '--set', 'size=big'], '--set size=big: "big" is no number.'],
    [['s3', '--set', 'time=soon'], '--set time=soon: "soon" is no time, such as 2026-11-01T02:00:00Z.'],
    [['s3', '--set', '[1].bucket=b'], '--set [1].bucket=b: bucket is said once, not of each record.'],
    [['rest', '--set', '[1].path=/'], '--set [1].path=/: an event of rest has no records.'],
    [['alb', '--set', 'base64=1'], '--set base64=1: true or false, not "1".'],
    [['rest', '--set', 'path=items'], 'No event of rest is like that: The path of a request starts with "/"'],
    [
      ['sqs', '--set', 'deduplicationId=a'],
      'No event of sqs is like that: deduplicationId: only FIFO queues',
    ],
    [
      ['dynamodb', '--set', 'type=add'],
      'No event of dynamodb is like that: type is insert, modify or remove',
    ],
    [
      ['scheduler', '--set', 'input.a=<aws.scheduler.x>'],
      'No event of scheduler is like that: <aws.scheduler.x>',
    ],
  ])('%j', async (words, message) => {
    const { status, stdout, stderr } = await printed(...words);
    expect(stderr).toContain(`handlersmith event: ${message}`);
    expect(stderr).toContain('See handlersmith event --help.');
    expect([status, stdout]).toEqual([2, '']);
  });
});

test('every trigger has a builder and the other way round, and an event without a word', async () => {
  expect(Object.keys(builders).toSorted()).toEqual(Object.keys(triggers).toSorted());
  for (const name of Object.keys(triggers)) {
    // One after the other is as good.
    // oxlint-disable-next-line no-await-in-loop
    expect(Object.keys(await event<object>(name)).length).toBeGreaterThan(0);
  }
});

describe('what is set is in the event', () => {
  test('S1 s3: the key is encoded as S3 does it', async () => {
    const { Records } = await event<{ Records: { s3: { object: { key: string; size: number } } }[] }>(
      's3',
      '--set',
      'key=in/a b+c.jpg',
      '--set',
      '[2].size=7',
    );
    expect(Records.map(({ s3 }) => s3.object.key)).toEqual([
      'in/a+b%2Bc.jpg',
      'uploads/lamp.jpg',
      'uploads/lamp.jpg',
    ]);
    expect(Records[2]?.s3.object.size).toBe(7);
  });

  test('H3 http-api: a body makes it a POST of JSON', async () => {
    const words = [
      'path=/items',
      'body.name=Lamp',
      'body.price=25',
      'body.tags[0]="1"',
      'query.a=1',
      'headers.x-a=2',
    ];
    const made = await event<{ body: string }>('http-api', ...words.flatMap((word) => ['--set', word]));
    expect(made).toMatchObject({
      rawPath: '/items',
      rawQueryString: 'a=1',
      headers: { 'x-a': '2', 'content-type': 'application/json' },
      requestContext: { http: { method: 'POST' } },
    });
    expect(JSON.parse(made.body)).toEqual({ name: 'Lamp', price: 25, tags: ['1'] });
  });

  test.each(['rest', 'function-url', 'alb', 'alb-multi'])('%s: a path', async (name) => {
    expect(JSON.stringify(await event(name, '--set', 'path=/items/1'))).toContain('"/items/1"');
  });

  test('rest: who called', async () => {
    expect(await event('rest', '--set', 'authorizer.cognito.claims.sub=u1')).toMatchObject({
      requestContext: { authorizer: { claims: { sub: 'u1' } } },
    });
  });

  test('Q4 sqs: messages of a FIFO queue', async () => {
    const words = ['queue=orders.fifo', 'body.id=1', '[1].body=not JSON', '[1].attempt=3', '[1].groupId=b'];
    expect(await event('sqs', ...words.flatMap((word) => ['--set', word]))).toMatchObject({
      Records: [
        { body: '{"id":1,"name":"Lamp","price":25}', attributes: { MessageGroupId: 'default' } },
        { body: 'not JSON', attributes: { ApproximateReceiveCount: '3', MessageGroupId: 'b' } },
      ],
    });
  });

  test('D2 dynamodb: a change has the images of its type', async () => {
    expect(await event('dynamodb', '--set', 'type=modify', '--set', 'after.price=30')).toMatchObject({
      Records: [
        {
          eventName: 'MODIFY',
          dynamodb: { OldImage: { price: { N: '25' } }, NewImage: { price: { N: '30' } } },
        },
      ],
    });
    expect(
      await event('dynamodb', '--set', 'type=remove', '--set', 'expired=true', '--set', 'keys=pk, sk'),
    ).toMatchObject({
      Records: [{ dynamodb: { Keys: { pk: {}, sk: {} } }, userIdentity: { type: 'Service' } }],
    });
  });

  test('D6 kinesis: data is base64', async () => {
    const { Records } = await event<{ Records: { kinesis: { data: string } }[] }>(
      'kinesis',
      '--set',
      'data={"a":1}',
    );
    expect(Buffer.from(Records[0]?.kinesis.data ?? '', 'base64').toString()).toBe('{"a":1}');
  });

  test.each([
    [
      'sns',
      ['message=hi', 'subject=s', 'topic=news'],
      { Records: [{ Sns: { Message: 'hi', Subject: 's' } }] },
    ],
    ['s3-eventbridge', ['key=a b'], { detail: { object: { key: 'a b' } } }],
    ['eventbridge', ['source=shop', 'detail.id=o1'], { source: 'shop', detail: { id: 'o1', name: 'Lamp' } }],
    ['schedule', ['rule=nightly', 'time=2026-11-01T02:00:00Z'], { time: '2026-11-01T02:00:00Z' }],
    ['scheduler', ['time=2026-11-01T02:00:00Z', 'attempt=2'], { slot: '2026-11-01T02:00:00Z', attempt: '2' }],
    ['scheduler', ['input.report=sales'], { report: 'sales' }],
    [
      'cognito',
      ['triggerSource=PostConfirmation_ConfirmSignUp'],
      { triggerSource: 'PostConfirmation_ConfirmSignUp' },
    ],
  ])('%s %j', async (name, settings, expected) => {
    expect(await event(name, ...settings.flatMap((setting) => ['--set', setting]))).toMatchObject(expected);
  });
});

test('in a process of its own: nothing but JSON, on one line where that is asked for', async () => {
  const [pretty, line] = await Promise.all([
    runProgram(['event', 's3', '--set', 'key=a b.jpg']),
    runProgram(['event', 's3', '--json']),
  ]);
  expect([pretty.status, pretty.stderr, line.status]).toEqual([0, '', 0]);
  expect(JSON.parse(pretty.stdout)).toMatchObject({ Records: [{ s3: { object: { key: 'a+b.jpg' } } }] });
  expect(pretty.stdout).toContain('\n  "Records": [\n');
  expect(line.stdout.split('\n')).toHaveLength(2);
});
