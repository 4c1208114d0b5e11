/**
 * Every event that can be measured, by name.
 *
 * @module
 */
import { batchFor, type BatchScenario, isBatchScenario } from './batches.ts';
import { eventFor, type Scenario } from './events.ts';

/** An HTTP event or one of the batch rows. */
export type AnyScenario = Scenario | BatchScenario;

/**
 * @param scenario - passed between processes as text; only names of scenarios are
 * @returns a fresh event
 */
export function anyEventFor(scenario: string): object {
  return isBatchScenario(scenario) ? batchFor(scenario) : eventFor(scenario as Scenario); // see above
}
