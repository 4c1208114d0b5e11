/**
 * Schedule expressions, checked by their form.
 *
 * @module
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
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

/** A schedule expression of such kinds; another one is an error. */
export function expressionIn(
  section: Section,
  name: string,
  kinds: readonly ExpressionKind[],
): string | undefined {
  const expression = section.text(name);
  if (expression === undefined || isWellFormed(expression, kinds)) return expression;
  const rules = kinds.map((kind) => forms[kind].rule);
  section.error(name, `"${name}" must be ${rules.join(', or ')}, got "${expression}"`);
  return undefined;
}
