/**
 * Answers every checked event once and tells what came out: `child <bundle>`, run apart so that all output can be seen.
 *
 * @module
 */
import { checkedScenarios, eventFor } from '../job/events.ts';
import { loadHandler, type Answer } from '../job/handler.ts';
import { makeContext } from '../job/lambda.ts';

/** What the parent gets for one event. */
export interface Outcome {
  readonly scenario: string;
  readonly requestId: string;
  readonly answer: Answer;
}

const [, , bundle = ''] = process.argv;
const handler = await loadHandler(bundle);
const outcomes: Outcome[] = [];
for (const scenario of checkedScenarios) {
  const context = makeContext();
  // oxlint-disable-next-line no-await-in-loop -- one after the other, as Lambda does
  const answer = await handler(eventFor(scenario), context);
  outcomes.push({ scenario, requestId: context.awsRequestId, answer });
}
// The candidate owns stdout and stderr.
process.getBuiltinModule('node:fs').writeSync(3, JSON.stringify(outcomes));
process.exit(0);
