import { describe, expect, test } from 'vitest';

import { decision } from './policy.ts';

const arn = 'arn:aws:execute-api:us-east-1:000000000000:api/prod/GET/items/1';
const statement = (Effect: string, Resource: unknown, Action: unknown = 'execute-api:Invoke'): object => ({
  Effect,
  Action,
  Resource,
});
const policy = (...Statement: object[]): object => ({ Version: '2012-10-17', Statement });

describe('a policy', () => {
  test.each([
    [undefined],
    [{}],
    [policy({ Effect: 'Allow' })],
    [policy({ Effect: 'Perhaps', Action: '*', Resource: '*' })],
    [policy(statement('Allow', 1))],
  ])('%j is none', (one) => {
    expect(decision(one, arn)).toBeUndefined();
  });

  test.each<[object[], boolean]>([
    [[statement('Allow', arn)], true],
    [[statement('Allow', '*', '*')], true],
    [[statement('Allow', ['arn:aws:execute-api:*:*:api/prod/GET/*'], ['execute-api:*'])], true],
    [[statement('Allow', 'arn:aws:execute-api:us-east-1:000000000000:api/prod/GET/items')], false],
    [[statement('Allow', 'arn:aws:execute-api:us-east-1:000000000000:api/prod/POST/*')], false],
    [[statement('Allow', '*', 's3:GetObject')], false],
    [[statement('Allow', '*'), statement('Deny', '*/POST/*')], true],
    [[statement('Allow', '*'), statement('Deny', '*/GET/*')], false],
    [[], false],
  ])('%j lets the request pass: %s', (statements, expected) => {
    expect(decision(policy(...statements), arn)).toBe(expected);
  });
});
