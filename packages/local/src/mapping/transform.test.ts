import { assert, jsonValue, property } from 'fast-check';
import { describe, expect, test } from 'vitest';

import { inputTransform } from './transform.ts';

const rule = {
  name: 'sold',
  arn: 'arn:aws:events:us-east-1:000000000000:rule/sold',
  receivedAt: '2026-03-01T00:00:00Z',
};
const event = {
  source: 'shop',
  'detail-type': 'Sold',
  resources: ['arn:a', 'arn:b'],
  detail: {
    id: 'i-1',
    total: 12.5,
    paid: true,
    nothing: null,
    note: 'two\nlines',
    items: [{ name: 'lamp' }, { name: 'desk', 'in-stock': 2 }],
  },
};

function made(template: string, paths: Readonly<Record<string, string>> = {}): unknown {
  return inputTransform({ paths, template })(event, rule);
}

describe('a transformer that EventBridge would refuse', () => {
  test.each([
    [
      'a placeholder without a path',
      { template: '{"a":<b>}' },
      'the placeholder <b>, which is not in InputPathsMap',
    ],
    ['text without quotes', { template: '<id> is sold' }, 'InputTemplate must be JSON'],
    ['broken JSON', { template: '{"a":<id>' }, 'InputTemplate must be JSON'],
    ['nothing', { template: '' }, 'InputTemplate must be JSON'],
    ['a placeholder as a key', { template: '{<id>:1}' }, 'InputTemplate must be JSON'],
    ['a placeholder in a key', { template: '{"a-<id>":1}' }, 'no placeholder as the key'],
    ['a long template', { template: `"${'a'.repeat(8191)}"` }, 'ends at 8192 characters'],
    ['a reserved name', { template: '1', paths: { 'aws.events.mine': '$' } }, 'cannot begin with AWS.'],
    ['no path', { template: '1', paths: { a: 'detail.id' } }, '"detail.id" is no path'],
    ['names in brackets', { template: '1', paths: { a: "$['detail']" } }, 'is no path'],
    ['a filter', { template: '1', paths: { a: '$.items[?(@.a)]' } }, 'is no path'],
    ['a path that ends early', { template: '1', paths: { a: '$.detail.' } }, 'is no path'],
    [
      'too many paths',
      { template: '1', paths: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`v${n}`, '$.id'])) },
      '100 paths at most',
    ],
  ])('%s', (_, given, message) => {
    expect(() => inputTransform({ paths: { id: '$.detail.id' }, ...given })).toThrow(message);
  });
});

describe('placeholders without quotes', () => {
  test.each([
    ['$.detail.id', 'i-1'],
    ['$.detail.total', 12.5],
    ['$.detail.paid', true],
    ['$.detail.nothing', null],
    ['$.detail.note', 'two\nlines'],
    ['$.resources', ['arn:a', 'arn:b']],
    ['$.resources[1]', 'arn:b'],
    ['$.detail.items[1].in-stock', 2],
    ['$.detail.items[*].name', ['lamp', 'desk']],
    ['$.detail.items.*.name', ['lamp', 'desk']],
    ['$', event],
    ['$.detail.gone', ''],
    ['$.resources[2]', ''],
    ['$.source.length', ''],
    ['$.detail.constructor', ''],
  ])('%s is there as JSON; what is not there is an empty text', (path, value) => {
    expect(made('{"v":<v>}', { v: path })).toEqual({ v: value });
  });

  test('give back any JSON value as it was', () => {
    assert(
      property(jsonValue(), (value) => {
        const transform = inputTransform({ paths: { v: '$.detail.v' }, template: '[<v>, "<", "\\"", <v>]' });
        const same: unknown = JSON.parse(JSON.stringify(value));
        expect(transform({ detail: { v: value } }, rule)).toEqual([same, '<', '"', same]);
      }),
    );
  });
});

describe('placeholders inside quotes', () => {
  test.each([
    ['text as it is', '"<v> is sold"', '$.detail.id', 'i-1 is sold'],
    ['quotes of the template', '"say \\"<v>\\""', '$.detail.id', 'say "i-1"'],
    ['a number', '"<v>"', '$.detail.total', '12.5'],
    ['nothing for what is not there', '"a<v>b"', '$.detail.gone', 'ab'],
    [
      'objects and lists without their quotes',
      '"all: <v>"',
      '$.detail.items',
      'all: [{name:lamp},{name:desk,in-stock:2}]',
    ],
  ])('%s', (_, template, path, value) => {
    expect(made(template, { v: path })).toBe(value);
  });

  test('are not escaped: what then is no JSON is told, with the way out', () => {
    expect(() => made('{"note":"<note>","id":<id>}', { note: '$.detail.note', id: '$.detail.id' })).toThrow(
      /escapes nothing that it puts into quotes \(<note>\)/u,
    );
  });
});

test('what EventBridge defines itself', () => {
  const { detail: _, ...envelope } = event;
  expect(
    made(
      `{"arn":<aws.events.rule-arn>,"text":"<aws.events.rule-name> at <aws.events.event.ingestion-time>",
        "all":<aws.events.event.json>,"envelope":<aws.events.event>}`,
    ),
  ).toEqual({ arn: rule.arn, text: 'sold at 2026-03-01T00:00:00Z', all: event, envelope });
});

test('text in brackets that is no name stays as it is', () => {
  expect(made('"1 < 2 <> 3 > 2"')).toBe('1 < 2 <> 3 > 2');
});
