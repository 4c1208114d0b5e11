import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { findingsOf } from '../findings.ts';
import { valueOf } from '../template.fixture.ts';
import { list, plain, scalar } from '../tree.ts';
import type { Tree } from '../tree.ts';
import { evaluate } from './evaluate.ts';
import type { Scope } from './scope.ts';
import { subParts } from './sub.ts';

const ARN = 'arn:aws:sqs:eu-west-1:123456789012:shop-Queue';
const URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/shop-Queue';

const call = (name: string, argument: Tree): Tree => ({
  kind: 'map',
  entries: new Map([[name, { value: argument, line: 1 }]]),
  line: 1,
});

describe('wrong intrinsic functions are errors with a reason', () => {
  test.each([
    ['!Ref Nobody', '"Nobody" is neither a parameter nor a resource of this template'],
    ['!Ref [a]', 'Ref takes the name of a parameter or resource, got a list of 1'],
    ['!Ref AWS::Planet', '"AWS::Planet" is no pseudo parameter'],
    ['!GetAtt Nobody.Arn', '"Nobody" is neither a parameter nor a resource of this template'],
    ['!GetAtt Queue', 'Fn::GetAtt takes a resource and an attribute, got a string'],
    ['!GetAtt Queue.Ar', 'Queue has no attribute "Ar"; AWS::SQS::Queue has Arn, QueueName, QueueUrl'],
    ['!Sub [a]', 'Fn::Sub takes text, or text and a map, got a list of 1'],
    ["!Sub '${Nobody}'", '"Nobody" is neither a parameter nor a resource of this template'],
    ["!Sub '${a-b}'", 'Fn::Sub: "${a-b}" names nothing; write "${!a-b}" where the text itself is meant'],
    ["!Sub ['${List}', { List: [1] }]", 'Fn::Sub: ${List} must be text, got a list of 1'],
    ['!Join [a]', 'Fn::Join takes a delimiter and a list of texts, got a list of 1'],
    ['!Join [",", [{ a: 1 }]]', 'Fn::Join takes a delimiter and a list of texts, got a list of 2'],
    ['!Split ["", a]', 'Fn::Split takes a delimiter and a text, got a list of 2'],
    ['!Select [3, [a]]', 'Fn::Select: there is no item 3 in a list of 1'],
    ['!Select [one, [a]]', 'Fn::Select takes an index and a list, got a list of 2'],
    ['!If [Nobody, a, b]', 'there is no condition "Nobody"'],
    ['!If [a]', 'Fn::If takes a condition and two values, got a list of 1'],
    ['!FindInMap [None, a, b]', 'Fn::FindInMap: there is no None.a.b in Mappings'],
    [
      '!FindInMap [None]',
      'Fn::FindInMap takes a map, a top-level key and a second-level key, got a list of 1',
    ],
    ['!Base64 [a]', 'Fn::Base64 takes text, got a list of 1'],
    ['!GetAZs [a]', 'Fn::GetAZs takes a region, got a list of 1'],
    ['!Equals [a, a]', "Fn::Equals stands in Conditions only; use Fn::If with a condition's name"],
    ['!Length a', 'Fn::Length takes a list, got a string'],
    ['!ToJsonString a', 'Fn::ToJsonString takes a map or a list, got a string'],
    ['{ Fn::Nothing: a }', 'Fn::Nothing is no intrinsic function, got a string'],
    ['{ Fn::Sub: a, b: c }', 'Fn::Sub must be the only key of its map, got a map with Fn::Sub, b'],
    [
      '!Cidr [10.0.0.0/24, 5, 7]',
      'Fn::Cidr takes a block such as 10.0.0.0/16, a count from 1 to 256 that fits into it, and the bits of a subnet; got a list of 3',
    ],
  ])('%s', async (value, message) => {
    const { told, ...read } = await valueOf(value);
    expect(told).toEqual([`error ${message}`]);
    expect(read.value).toBeUndefined();
  });

  test.each([
    ['!ImportValue other', 'Fn::ImportValue: the export "other" is another stack\'s, left out'],
    ['!Transform { Name: Macro }', 'Fn::Transform runs in AWS, what it makes is left out'],
    ['!Cidr ["fd00::/8", 1, 8]', 'Fn::Cidr: IPv6 is not cut here, left out'],
  ])('%s is left out, and named', async (value, message) => {
    expect((await valueOf(value)).told).toEqual([`unknown ${message}`]);
  });

  test('one that stands on another that failed says nothing more', async () => {
    expect((await valueOf('!Join [",", [!Ref Nobody, b]]')).told).toHaveLength(1);
  });

  test('a value that CloudFormation would fetch stays, and is named', async () => {
    const { value, told } = await valueOf("'{{resolve:ssm:/shop/key:1}}'");
    expect(value).toBe('{{resolve:ssm:/shop/key:1}}');
    expect(told).toEqual([
      'unknown {{resolve:ssm:/shop/key:1}} is fetched by CloudFormation, here it stays as it is',
    ]);
  });
});

describe('intrinsic functions', () => {
  const mappings = 'Mappings: { Regions: { eu-west-1: { Size: 5 } } }';
  test.each([
    ['!Ref Queue', URL],
    ['{ Ref: Table }', 'shop-Table'],
    ['!Ref AWS::Region', 'eu-west-1'],
    ['!Ref AWS::AccountId', '123456789012'],
    ['!Ref AWS::StackName', 'shop'],
    ['!Ref AWS::Partition', 'aws'],
    ['!Ref AWS::URLSuffix', 'amazonaws.com'],
    ['!GetAtt Queue.Arn', ARN],
    ['!GetAtt [Queue, QueueName]', 'shop-Queue'],
    ['{ Fn::GetAtt: [Queue, Arn] }', ARN],
    ["!Sub 'a-${Queue.Arn}-${AWS::Region}'", `a-${ARN}-eu-west-1`],
    ["!Sub 'a ${!Literal} $ {b} ${!}'", 'a ${Literal} $ {b} ${}'],
    ["!Sub ['${One}${AWS::Region}', { One: !Ref Table }]", 'shop-Tableeu-west-1'],
    ['!Join ["-", [a, 1, true, !Ref Table]]', 'a-1-true-shop-Table'],
    ['!Join ["-", !Split [",", "a,b,,c"]]', 'a-b--c'],
    ['!Select [1, !Split [":", !GetAtt Queue.Arn]]', 'aws'],
    ['!Select ["0", [a, b]]', 'a'],
    ['!FindInMap [Regions, !Ref AWS::Region, Size]', '5'],
    ['!FindInMap [Regions, nowhere, Size, { DefaultValue: 7 }]', '7'],
    ['!Base64 häß', 'aMOkw58='],
    ['!Join [",", !GetAZs ""]', 'eu-west-1a,eu-west-1b,eu-west-1c'],
    ['!Join [",", !GetAZs { Ref: AWS::Region }]', 'eu-west-1a,eu-west-1b,eu-west-1c'],
    ['!Join [" ", !Cidr [10.0.7.0/16, 3, 8]]', '10.0.0.0/24 10.0.1.0/24 10.0.2.0/24'],
    ['!Select [1, !Cidr [192.168.0.0/24, 2, 5]]', '192.168.0.32/27'],
    ['!Length [a, b]', '2'],
    ['!ToJsonString { a: [!Ref AWS::Region] }', '{"a":["eu-west-1"]}'],
  ])('%s', async (value, expected) => {
    expect(await valueOf(value, mappings)).toEqual({ value: expected, told: [] });
  });

  test.each([
    ['!Equals [a, a]', 'yes'],
    ['!Equals [2, "2"]', 'yes'],
    ['!Equals [a, b]', 'no'],
    ['!Not [!Equals [a, b]]', 'yes'],
    ['!And [!Equals [a, a], !Condition Other]', 'yes'],
    ['!And [!Equals [a, b], !Condition Other]', 'no'],
    ['!Or [!Equals [a, b], { Condition: Other }]', 'yes'],
    ['!Or [!Equals [a, b], !Not [!Condition Other]]', 'no'],
  ])('condition %s', async (condition, expected) => {
    const before = `Conditions: { Other: !Equals [x, x], Asked: ${condition} }`;
    expect(await valueOf('!If [Asked, yes please, no please]', before)).toEqual({
      value: `${expected} please`,
      told: [],
    });
  });

  test.each([
    ['!Equals [a]', 'Fn::Equals takes two values, got a list of 1'],
    ['!And [!Equals [a, a]]', 'Fn::And takes 2 to 10 conditions, got a list of 1'],
    ['!Not [a, b]', 'Fn::Not takes one condition, got a list of 2'],
    ['!Sub a', 'Fn::Sub is no condition function, got a string'],
    ['a', 'a condition is Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition, got a string'],
    ['!Condition Asked', 'condition "Asked" depends on itself'],
    ['!Condition Nobody', 'there is no condition "Nobody"'],
    ['!Equals [!Ref Queue, a]', 'a condition cannot look at a resource: "Queue"'],
    ['!Equals [!GetAtt Queue.Arn, a]', 'a condition cannot look at a resource: "Queue"'],
  ])('condition %s is wrong', async (condition, message) => {
    expect((await valueOf('a', `Conditions: { Asked: ${condition} }`)).told).toEqual([`error ${message}`]);
  });

  test('Fn::If does not look at what it does not take', async () => {
    const before = 'Conditions: { Always: !Equals [x, x] }';
    expect(await valueOf('!If [Always, a, !Ref Nobody]', before)).toEqual({ value: 'a', told: [] });
  });
});

describe('for any text', () => {
  const nothing: Scope = {
    findings: findingsOf('template.yaml'),
    region: 'eu-west-1',
    mappings: undefined,
    reference: (name, line) => scalar(`<${name}>`, line),
    attribute: (resource, attribute, line) => scalar(`<${resource}.${attribute}>`, line),
    condition: () => true,
  };

  test('Fn::Sub of escaped text is the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', '!', 'a', ' ', '\n') }), (text) => {
        const escaped = text.replaceAll(/\$\{([^}]*)\}/g, (_, inner: string) => `\${!${inner}}`);
        expect(plain(evaluate(call('Fn::Sub', scalar(escaped, 1)), nothing))).toBe(text);
      }),
    );
  });

  test('Fn::Sub puts names and text back together', () => {
    const names = fc.stringMatching(/^[A-Za-z0-9]{1,8}$/);
    const texts = fc.string().filter((text) => !/[${}]/.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(texts, names)), (pieces) => {
        const text = pieces.map(([before, name]) => `${before}\${${name}}`).join('');
        expect(plain(evaluate(call('Fn::Sub', scalar(text, 1)), nothing))).toBe(
          pieces.map(([before, name]) => `${before}<${name}>`).join(''),
        );
        expect(subParts(text).filter((part) => 'name' in part)).toEqual(pieces.map(([, name]) => ({ name })));
      }),
    );
  });

  test('Fn::Join undoes Fn::Split', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 3 }), fc.string(), (delimiter, text) => {
        const split = call('Fn::Split', list([scalar(delimiter, 1), scalar(text, 1)], 1));
        const joined = call('Fn::Join', list([scalar(delimiter, 1), split], 1));
        expect(plain(evaluate(joined, nothing))).toBe(text);
      }),
    );
  });
});
