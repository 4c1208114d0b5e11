import { readFileSync } from 'node:fs';

import { captureLogs, invoke, publication, snsEvent } from '@handlersmith/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse, type ScalarTag } from 'yaml';

import { handler as attributes, sent } from '../snippets/sns/attributes.ts';
import { handler as smallest } from '../snippets/sns/smallest.ts';
import { topic } from '../snippets/sns/team.ts';
await import('../snippets/sns/testing.ts'); // a test of its own

it('the smallest handler logs the alarm', async () => {
  const event = snsEvent([{ AlarmName: 'errors', NewStateValue: 'ALARM', more: 1 }]);
  const { lines } = await captureLogs(() => invoke(smallest, event));
  expect(lines[0]).toMatchObject({ message: 'alarm', alarm: 'errors', state: 'ALARM' });
});

describe('attributes', () => {
  beforeEach(() => void sent.splice(0));
  const stated = {
    topicArn: 'arn:aws:sns:eu-west-1:123456789012:news',
    timestamp: new Date(0),
    message: 'x',
  };

  it('reach run by type, with what SNS says of the message', async () => {
    await captureLogs(() =>
      invoke(
        attributes,
        snsEvent([
          publication({ ...stated, attributes: { tenant: 'a', priority: 2 }, subject: 'Hello' }),
          publication({ ...stated, attributes: { tenant: 'b' } }),
        ]),
      ),
    );
    expect(sent).toEqual(['a: Hello, 1970', 'b: news, 1970']);
  });

  it.each([
    ['skipped', { ...stated, attributes: { tenant: 'a', priority: 0 } }, 'record skipped'],
    ['dropped', { ...stated, attributes: { tenant: 'a' }, message: '' }, 'record failed'],
    ['dropped without attributes', stated, 'record failed'],
  ])('a message is %s, and a line tells', async (_, publish, message) => {
    const { lines } = await captureLogs(() => invoke(attributes, snsEvent([publication(publish)])));
    expect(lines[0]).toMatchObject({ message });
    expect(sent).toEqual([]);
  });
});

it('team defaults are filled in', () => {
  expect(topic({}, () => {}).manifest).toMatchObject({ service: 'shop', onPermanent: 'drop' });
});

describe("the page's template", () => {
  const customTags: ScalarTag[] = ['Ref', 'GetAtt'].map((name) => ({
    tag: `!${name}`,
    resolve: (text: string) => ({ [name]: text }),
  }));

  it('has what the manifest asks for', () => {
    const text = readFileSync(new URL('../snippets/sns/template.yaml', import.meta.url), 'utf8');
    const { AlarmsFunction } = (
      parse(text, { customTags }) as { Resources: Record<string, { Properties: object }> }
    ).Resources; // its shape is what is tested
    expect(smallest.manifest.needs).toEqual(['OnFailureDestination']);
    expect(AlarmsFunction?.Properties).toMatchObject({
      EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: 'SQS' } } },
      Events: { Alarms: { Type: 'SNS', Properties: { Topic: { Ref: 'Alarms' } } } },
    });
  });
});
