/**
 * Lets a candidate answer one event of the batch rows twice: `batch-child <bundle> <scenario>`. The answers go to
 * descriptor 3.
 *
 * @module
 */
import { loadHandler } from '../job/handler.ts';
import { makeContext } from '../job/lambda.ts';
import { anyEventFor } from '../job/scenario.ts';

const [, , bundle = '', scenario = ''] = process.argv;
const handler = await loadHandler(bundle);
const answers: unknown[] = [];
// Twice: a replay is the second call, and a batch must not remember the one before.
answers.push(await handler(anyEventFor(scenario), makeContext()));
answers.push(await handler(anyEventFor(scenario), makeContext()));
process.getBuiltinModule('node:fs').writeSync(
  3,
  JSON.stringify(answers, (_name, value: unknown) =>
    value instanceof Set ? [...(value as Set<unknown>)] : value,
  ),
);
process.exit(0);
