/**
 * What AWS refuses of resources that are right each for itself.
 *
 * @module
 */
import type { Draft } from './draft.ts';

/** SQS's own default, in seconds. */
const USUAL_VISIBILITY_S = 30;

export function checkLimits(draft: Draft): void {
  const { findings } = draft.stack;
  for (const trigger of draft.triggers) {
    if (trigger.type === 'sqs') {
      const queue = draft.queues.find(({ arn }) => arn === trigger.source);
      const invoked = draft.functions.find(({ id }) => id === trigger.function);
      const visibility = Number(queue?.attributes['VisibilityTimeout'] ?? USUAL_VISIBILITY_S);
      if (queue !== undefined && invoked !== undefined && visibility < invoked.timeout)
        findings.error(
          trigger.place.line,
          `${trigger.id}: the visibility timeout of ${queue.id} (${visibility} s) is under the timeout of ${invoked.id} (${invoked.timeout} s); Lambda refuses it, and advises six times the timeout`,
        );
    }
    if (trigger.type === 'dynamodb') {
      const table = draft.stack.resources.find(
        ({ identity }) => identity.attributes?.['StreamArn'] === trigger.source,
      );
      const declared = draft.tables.find(({ id }) => id === table?.id);
      if (declared !== undefined && declared.streamArn === undefined)
        findings.error(
          trigger.place.line,
          `${trigger.id}: ${declared.id} has no stream: StreamSpecification is missing`,
        );
    }
  }
  for (const [name, declared] of [
    ['function', draft.functions],
    ['table', draft.tables],
    ['bucket', draft.buckets],
    ['queue', draft.queues],
  ] as const) {
    const known = new Map<string, string>();
    for (const one of declared) {
      const other = known.get(one.name);
      if (other !== undefined)
        findings.error(
          one.place.line,
          `${one.id}: ${other} has the name "${one.name}" too; a ${name}'s name is its own`,
        );
      known.set(one.name, one.id);
    }
  }
}
