/**
 * Schedule expressions, checked by their form and their values.
 *
 * @module
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
import { slotsOf } from '../../mapping/slots.ts';
import type { Section } from '../section.ts';

export type ExpressionKind = 'cron' | 'rate' | 'at';

const forms: Readonly<Record<ExpressionKind, { readonly pattern: RegExp; readonly rule: string }>> = {
  cron: {
    pattern: /^cron\((?=[^)]*\?)\S+ \S+ \S+ \S+ \S+ \S+\)$/,
    rule: 'cron(minutes hours day-of-month month day-of-week year), with ? for one of the days',
  },
  rate: {
    pattern: /^rate\((?:1 (?:minute|hour|day)|(?!1 )[1-9]\d* (?:minutes|hours|days))\)$/,
    rule: 'rate(1 hour) or rate(5 minutes)',
  },
  at: {
    pattern: /^at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/,
    rule: 'at(yyyy-mm-ddThh:mm:ss)',
  },
};

function isWellFormed(expression: string, kinds: readonly ExpressionKind[]): boolean {
  return kinds.some((kind) => forms[kind].pattern.test(expression));
}

/**
 * A schedule expression of such kinds; another one is an error, and so is one whose values make no sense.
 *
 * @param timezone - in which it is read
 */
export function expressionIn(
  section: Section,
  name: string,
  kinds: readonly ExpressionKind[],
  timezone = 'UTC',
): string | undefined {
  const expression = section.text(name);
  if (expression === undefined) return undefined;
  if (!isWellFormed(expression, kinds)) {
    const rules = kinds.map((kind) => forms[kind].rule);
    section.error(name, `"${name}" must be ${rules.join(', or ')}, got "${expression}"`);
    return undefined;
  }
  try {
    slotsOf(expression, timezone);
    return expression;
  } catch (error) {
    section.error(name, error instanceof Error ? error.message.replace(/^schedule: /u, '') : String(error));
    return undefined;
  }
}
