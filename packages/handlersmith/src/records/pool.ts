/**
 * The free order: as many at a time as allowed, whatever fails.
 *
 * @module
 */
import { isThenable } from '../handler/thenable.ts';
import { type Outcome, outcomeOfReturn, outcomeOfThrow } from './outcome.ts';
import type { Schedule } from './schedule.ts';
import { Settlement } from './settlement.ts';

/**
 * Runs records that need no order. A few loops take one record after the other, so that a record costs an `await`
 * and nothing else; one that answers at once does not even cost that.
 */
export function runFree<T>(options: Schedule<T>): Promise<readonly Outcome[]> {
  const { records, run } = options;
  let next = 0;
  const settlement = new Settlement(options, (index) => index < next);

  // Counted, not gathered in a list of promises: that would cost a small batch more than its records do.
  let loops = Math.min(options.concurrency, records.length);
  const loop = async (): Promise<void> => {
    while (next < records.length && settlement.mayStart()) {
      const index = next++;
      try {
        const returned = run(records[index] as T, index); // an index of this very list
        // oxlint-disable-next-line no-await-in-loop -- one after the other is what the loop is for
        settlement.settle(index, outcomeOfReturn(isThenable(returned) ? await returned : returned));
      } catch (error) {
        settlement.settle(index, outcomeOfThrow(error));
      }
    }
    if (--loops === 0) settlement.finish();
  };
  if (loops === 0) settlement.finish();
  for (let started = loops; started > 0; started--) void loop();
  return settlement.settled;
}
