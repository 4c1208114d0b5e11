/** Which messages reach a queue with a filter policy. */
import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startFixture } from './server.fixture.ts';
import type { Fixture } from './server.fixture.ts';

let fixture: Fixture;
let made = 0;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** Names of the messages that pass. */
async function passing(
  policy: object,
  messages: Readonly<Record<string, { body?: string; attributes?: Record<string, MessageAttributeValue> }>>,
  scope = 'MessageAttributes',
): Promise<string[]> {
  const topic = await fixture.create(`topic-${(made += 1)}`);
  const url = await fixture.subscribeQueue(topic, `queue-${made}`, {
    FilterPolicy: JSON.stringify(policy),
    FilterPolicyScope: scope,
  });
  for (const [name, { body = 'x', attributes }] of Object.entries(messages)) {
    // oxlint-disable-next-line no-await-in-loop -- in this order
    await fixture.publish(topic, body, {
      Subject: name,
      ...(attributes && { MessageAttributes: attributes }),
    });
  }
  return (await fixture.envelopes(url)).map(({ Subject }) => String(Subject));
}

const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });
const number = (StringValue: string): MessageAttributeValue => ({ DataType: 'Number', StringValue });
const array = (...values: unknown[]): MessageAttributeValue => ({
  DataType: 'String.Array',
  StringValue: JSON.stringify(values),
});

const ATTRIBUTES = {
  none: {},
  red: { attributes: { colour: text('red') } },
  darkred: { attributes: { colour: text('darkred') } },
  Blue: { attributes: { colour: text('Blue') } },
  several: { attributes: { colour: array('green', 'red') } },
  seven: { attributes: { size: number('7') } },
  long: { attributes: { size: number('7.5e2'), colour: text('red') } },
  bytes: { attributes: { colour: { DataType: 'Binary', BinaryValue: new Uint8Array([1]) } } },
};

describe('on attributes', () => {
  test.each<[string, object, string[]]>([
    ['exact', { colour: ['red', 'blue'] }, ['red', 'several', 'long']],
    ['prefix', { colour: [{ prefix: 'dark' }] }, ['darkred']],
    ['suffix', { colour: [{ suffix: 'red' }] }, ['red', 'darkred', 'several', 'long']],
    ['any case', { colour: [{ 'equals-ignore-case': 'bLUE' }] }, ['Blue']],
    ['anything but', { colour: [{ 'anything-but': ['red', 'Blue'] }] }, ['darkred', 'several']],
    [
      'anything but a prefix',
      { colour: [{ 'anything-but': { prefix: 'dark' } }] },
      ['red', 'Blue', 'several', 'long'],
    ],
    ['a number, however it is written', { size: [750] }, ['long']],
    ['a range', { size: [{ numeric: ['>', 5, '<=', 7] }] }, ['seven']],
    ['there', { size: [{ exists: true }] }, ['seven', 'long']],
    ['both', { colour: ['red'], size: [{ numeric: ['>', 0] }] }, ['long']],
    ['one or the other', { $or: [{ colour: ['Blue'] }, { size: [7] }] }, ['Blue', 'seven']],
  ])('%s', async (_, policy, expected) => {
    expect(await passing(policy, ATTRIBUTES)).toEqual(expected);
  });

  test('not there', async () => {
    expect(await passing({ colour: [{ exists: false }] }, ATTRIBUTES)).toEqual(
      expect.arrayContaining(['none', 'seven']),
    );
  });
});

const BODIES = {
  text: { body: 'red' },
  list: { body: '["red"]' },
  red: { body: '{"paint":{"colour":"red"},"size":7}' },
  several: { body: '{"paint":{"colour":["green","red"]}}' },
  none: { body: '{"paint":null}' },
};

describe('on bodies', () => {
  test.each<[string, object, string[]]>([
    ['nested', { paint: { colour: ['red'] } }, ['red', 'several']],
    ['null', { paint: [null] }, ['none']],
    ['a number', { size: [{ numeric: ['=', 7] }] }, ['red']],
    ['not there: of bodies that are objects', { size: [{ exists: false }] }, ['several', 'none']],
  ])('%s', async (_, policy, expected) => {
    expect(await passing(policy, BODIES, 'MessageBody')).toEqual(expected);
  });
});
