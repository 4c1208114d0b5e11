/**
 * EventBridge: rules by pattern and by schedule, and EventBridge Scheduler.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html
 */
import type { Declared } from '../app.ts';
import { functionOf, targetIn } from '../draft.ts';
import type { Draft } from '../draft.ts';
import type { Section } from '../section.ts';
import type { Resource } from '../stack.ts';
import { expressionIn } from './expression.ts';
import { inputIn, ruleInputIn } from './input.ts';
import { patternFault } from './pattern.ts';

/** What EventBridge does unless it is told otherwise. */
const RETRIES = 185;
const EVENT_AGE = { least: 60, most: 86_400, unit: 'seconds' };

export function readRule(resource: Resource, draft: Draft): void {
  const section = draft.stack.section(resource);
  section.ignore('Description', 'Name', 'RoleArn', 'Tags');
  const enabled =
    section.text('State', {
      of: ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'],
    }) !== 'DISABLED';
  const rule = { ...draft.declare(resource), enabled, bus: section.text('EventBusName') ?? 'default' };
  const expression = expressionIn(section, 'ScheduleExpression', ['cron', 'rate']);
  const pattern = section.json('EventPattern');
  if (!section.has('ScheduleExpression') && !section.has('EventPattern'))
    section.error(undefined, 'a rule needs an EventPattern or a ScheduleExpression');
  if (expression !== undefined && rule.bus !== 'default')
    section.error('ScheduleExpression', 'a schedule runs on the default event bus only');

  for (const target of section.sections('Targets')) {
    target.ignore('Id', 'RoleArn');
    const arn = target.text('Arn', { required: true });
    const id = functionOf(arn, draft.stack);
    if (arn !== undefined && id === undefined) {
      target.unknown('Arn', `a target that is no function of this template is not played, left out: ${arn}`);
      target.drop();
      continue;
    }
    if (id !== undefined) addRuleTriggers(target, { ...rule, function: id, expression, pattern }, draft);
  }
  section.close();
}

/** A rule with one of its targets. */
export interface Rule extends Declared {
  readonly function: string;
  readonly enabled: boolean;
  readonly bus: string;
  readonly expression: string | undefined;
  /** As parsed JSON. */
  readonly pattern: unknown;
}

/** @param target - holds the input and what becomes of events that cannot be delivered */
export function addRuleTriggers(target: Section, rule: Rule, draft: Draft): void {
  const { id, name, arn, place, enabled, function: invoked } = rule;
  const input = ruleInputIn(target);
  const deliver = deliveryOf(target, draft);
  const common = {
    function: invoked,
    id,
    place,
    enabled,
    name,
    arn,
    ...input,
    ...deliver,
  };
  if (rule.expression !== undefined) {
    draft.triggers.push({
      ...common,
      type: 'schedule',
      by: 'rule',
      expression: rule.expression,
      timezone: 'UTC',
    });
  }
  if (rule.pattern === undefined) return;
  const wrong = patternFault(rule.pattern);
  if (typeof rule.pattern !== 'object' || rule.pattern === null)
    draft.stack.findings.error(place.line, `${id}: the event pattern must be a map`);
  else if (wrong !== undefined) draft.stack.findings.error(place.line, `${id}: the event pattern: ${wrong}`);
  else
    draft.triggers.push({
      ...common,
      type: 'eventbridge',
      bus: rule.bus.split('/').at(-1) ?? rule.bus,
      pattern: rule.pattern,
    });
}

export function readSchedule(resource: Resource, draft: Draft): void {
  const section = draft.stack.section(resource);
  const target = section.section('Target');
  const arn = target?.text('Arn', { required: true });
  const id = functionOf(arn, draft.stack);
  target?.ignore('RoleArn');
  if (!section.has('Target')) section.error(undefined, '"Target" is missing');
  else if (target !== undefined && arn !== undefined && id === undefined)
    target.unknown('Arn', `a target that is no function of this template is not played, left out: ${arn}`);
  if (target === undefined || id === undefined) return;
  addSchedule(section, target, { ...draft.declare(resource), function: id }, draft);
  section.close();
}

/**
 * @param section - holds the expression
 * @param target - holds the input
 */
export function addSchedule(
  section: Section,
  target: Section,
  schedule: Declared & { readonly function: string },
  draft: Draft,
): void {
  section.ignore('Description', 'GroupName', 'KmsKeyArn', 'Name');
  const { id, name, arn, place } = schedule;
  const timezone = section.text('ScheduleExpressionTimezone') ?? 'UTC';
  const isKnown = isTimezone(timezone);
  if (!isKnown) section.error('ScheduleExpressionTimezone', `"${timezone}" is no IANA time zone`);
  const kinds = ['cron', 'rate', 'at'] as const;
  const expression = expressionIn(section, 'ScheduleExpression', kinds, isKnown ? timezone : 'UTC');
  const enabled = section.text('State', { of: ['ENABLED', 'DISABLED'] }) !== 'DISABLED';
  const window = section.section('FlexibleTimeWindow');
  window?.ignore('MaximumWindowInMinutes');
  if (window?.text('Mode', { of: ['OFF', 'FLEXIBLE'] }) === 'FLEXIBLE')
    window.unknown('Mode', 'a flexible window is not played: the schedule fires on time');
  if (!section.has('ScheduleExpression')) section.error(undefined, '"ScheduleExpression" is missing');
  const input = inputIn(target);
  const delivery = deliveryOf(target, draft);
  if (expression === undefined) return;
  draft.triggers.push({
    type: 'schedule',
    by: 'scheduler',
    function: schedule.function,
    id,
    place,
    enabled,
    name,
    arn,
    expression,
    timezone,
    ...(input !== undefined && { input }),
    ...delivery,
  });
}

function deliveryOf(
  target: Section,
  draft: Draft,
): { readonly retries: number; readonly deadLetterArn?: string } {
  const policy = target.section('RetryPolicy');
  policy?.integer('MaximumEventAgeInSeconds', EVENT_AGE);
  const retries = policy?.integer('MaximumRetryAttempts', { least: 0, most: RETRIES }) ?? RETRIES;
  const letters = target.section('DeadLetterConfig');
  letters?.ignore('QueueLogicalId');
  if (letters?.has('Type') === true && !letters.has('Arn'))
    letters.unknown('Type', 'SAM would make the queue; declare it, here it is left out');
  letters?.ignore('Type');
  const deadLetterArn = targetIn(letters, 'Arn', draft);
  return { retries, ...(deadLetterArn !== undefined && { deadLetterArn }) };
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}
