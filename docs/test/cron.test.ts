import { readFileSync } from 'node:fs';

import { captureLogs, invoke, lambdaContext, scheduledEvent, schedulerEvent } from '@handlersmith/testing';
import { cronHandler, type CronOptions, schedule } from 'handlersmith/cron';
import { describe, expect, it } from 'vitest';
import { parse, type ScalarTag } from 'yaml';

import { monday, refused, slots } from '../snippets/cron/expressions.ts';
import { handler as input } from '../snippets/cron/input.ts';
import { handler as once, nightly } from '../snippets/cron/once.ts';
import { handler as smallest } from '../snippets/cron/smallest.ts';
import { handler as team } from '../snippets/cron/team.ts';

await import('../snippets/cron/testing.ts'); // a test of its own

const time = new Date('2026-11-01T02:00:00Z');
const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const page = read('guide/cron.md');

/** CloudFormation's short forms, as far as the templates use them. */
const customTags: ScalarTag[] = ['Ref', 'GetAtt'].map((name) => ({
  tag: `!${name}`,
  resolve: (text: string) => ({ [name]: text }),
}));

describe('the handlers on the page', () => {
  it('the smallest gets the slot of a rule', async () => {
    const { lines } = await captureLogs(() => invoke(smallest, scheduledEvent({ time }), lambdaContext()));
    expect(lines).toMatchObject([
      { message: 'report written', day: '2026-11-01' },
      { message: 'slot done', schedule: 'test-rule', correlation_id: '2026-11-01T02:00:00.000Z' },
    ]);
  });

  it('the Input of the page fills what run gets', async () => {
    const event = schedulerEvent(read('snippets/cron/scheduler-input.json'), { time, attempt: 2 });
    const { lines } = await captureLogs(() => invoke(input, event));
    expect(lines[0]).toMatchObject({ message: 'writing', report: 'sales', days: 7, attempt: 2 });
    expect(lines[1]).toMatchObject({ message: 'slot done', schedule: 'default/test-schedule' });
  });

  it('the one with a store says what it needs', () => {
    expect(once.manifest).toMatchObject({
      schedule: 'nightly-report',
      timezone: 'Europe/Berlin',
      once: true,
    });
  });

  it('the team shares its settings', () => {
    expect(team.manifest).toMatchObject({ service: 'reports', schedule: 'clean-up' });
  });
});

describe('the expressions on the page', () => {
  it('give the slots it shows, and the error', () => {
    expect(slots.map((slot) => slot.toISOString())).toEqual([
      '2026-10-26T08:00:00.000Z',
      '2026-11-02T08:00:00.000Z',
    ]);
    expect(monday.kind).toBe('cron');
    const shown = read('snippets/cron/expressions.ts').replaceAll(/\n\s*\/\/ /g, ' ');
    expect(refused).toThrow(TypeError);
    expect(shown).toContain(
      'expected six fields (minutes hours day-of-month month day-of-week year), got 5. Five',
    );
    expect(refused).toThrow(
      'expected six fields (minutes hours day-of-month month day-of-week year), got 5. Five',
    );
  });

  it.each(['cron(0 2 * * ? *)', 'cron(0 9 ? * MON *)', 'rate(1 day)', 'rate(5 minutes)'])(
    'take what the text calls right: %s',
    (expression) => {
      expect(page).toContain(expression);
      expect(() => schedule(expression)).not.toThrow();
    },
  );
});

describe('the slot by hand', () => {
  const [, payload = ''] = /--payload '([^']+)'/.exec(read('snippets/cron/backfill.sh')) ?? [];

  it('is one of the schedule on the page', async () => {
    const { slot } = JSON.parse(payload) as { slot: string }; // as the command shows
    expect(nightly.includes(new Date(slot))).toBe(true);
    const seen: Date[] = [];
    const handler = cronHandler({ logger: false, schedule: 'nightly', expression: nightly }, (run) => {
      seen.push(run.slot);
    });
    await invoke(handler, JSON.parse(payload));
    expect(seen).toEqual([new Date(slot)]);
  });
});

describe('the templates on the page', () => {
  it("Scheduler's has the handler's expression and an Input that says the slot", async () => {
    const { Resources } = parse(read('snippets/cron/template.yaml'), { customTags }) as {
      Resources: { Report: { Properties: { Events: { Nightly: { Properties: Record<string, string> } } } } };
    }; // its shape is what is tested
    const properties = Resources.Report.Properties.Events.Nightly.Properties;
    expect(properties['ScheduleExpression']).toBe(once.manifest.expression);
    expect(properties['ScheduleExpressionTimezone']).toBe(once.manifest.timezone);
    const seen: Date[] = [];
    const handler = cronHandler({ logger: false }, ({ slot }) => seen.push(slot));
    await invoke(handler, schedulerEvent(properties['Input'] ?? '', { time }));
    expect(seen).toEqual([time]);
  });

  it("the rule's transformer makes an event that is taken", async () => {
    const { Nightly } = parse(read('snippets/cron/rule.yaml'), { customTags }) as {
      Nightly: { Properties: { Targets: { InputTransformer: { InputTemplate: string } }[] } };
    }; // its shape is what is tested
    const text = Nightly.Properties.Targets[0]?.InputTransformer.InputTemplate ?? '';
    const rule = scheduledEvent({ time });
    const event: unknown = JSON.parse(
      text.replace('<time>', JSON.stringify(rule.time)).replace('<rule>', JSON.stringify(rule.resources[0])),
    );
    const seen: unknown[] = [];
    const handler = cronHandler({ logger: false }, ({ slot, input: given }) => seen.push(slot, given));
    await invoke(handler, event);
    expect(seen).toEqual([time, { report: 'sales' }]);
  });
});

it('names every option there is', () => {
  const error = (() => {
    try {
      cronHandler({ notAnOption: 1 } as CronOptions, () => {});
    } catch (thrown) {
      return String(thrown);
    }
    return '';
  })();
  const known = error.split('Known options: ')[1]?.split(', ') ?? [];
  expect(known.length).toBeGreaterThan(10);
  const section = page.split('## Options')[1]?.split('\n## ')[0] ?? '';
  const named = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name = '']) => name);
  expect(named.toSorted()).toEqual(known.toSorted());
});
