/**
 * What rules and schedules hand their functions instead of the event.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-events-rule-target.html
 */
import { targetInput } from '../../mapping/target-input.ts';
import type { RuleInput } from '../app.ts';
import type { Section } from '../section.ts';

const kinds = ['Input', 'InputPath', 'InputTransformer'] as const;

/** The one of `Input`, `InputPath` and `InputTransformer` that is there; more of them are an error. */
export function ruleInputIn(target: Section): RuleInput {
  const [kind, ...more] = kinds.filter((name) => target.has(name));
  for (const name of more) target.error(name, `"${kind}" and "${name}" exclude each other`);
  const input = inputIn(target);
  const inputPath = target.text('InputPath');
  const transformer = target.section('InputTransformer');
  const template = transformer?.text('InputTemplate', { required: true });
  const paths = transformer?.record('InputPathsMap') ?? {};
  const read: RuleInput = {
    ...(input !== undefined && { input }),
    ...(inputPath !== undefined && { inputPath }),
    ...(template !== undefined && { inputTransformer: { paths, template } }),
  };
  try {
    targetInput({ ...read, name: '', arn: '' });
  } catch (error) {
    target.error(kind, error instanceof Error ? error.message : String(error));
    return {};
  }
  return read;
}

/** The input as JSON; CloudFormation takes text, SAM's users write maps too. */
export function inputIn(section: Section): string | undefined {
  const value = section.json('Input');
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') return JSON.stringify(value);
  try {
    // Scheduler's placeholders, such as <aws.scheduler.scheduled-time>, stand inside strings.
    JSON.parse(value);
  } catch {
    section.error('Input', '"Input" must be JSON');
    return undefined;
  }
  return value;
}
