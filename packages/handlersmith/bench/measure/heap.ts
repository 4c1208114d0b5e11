/**
 * Heap bytes an invocation leaves to the collector. Repeats to the byte, or nearly: it can be a gate.
 *
 * @module
 */
import type { AnyScenario } from '../job/scenario.ts';
import { median } from '../statistics.ts';
import { startWorker, type WorkerFiles } from './process.ts';

const flags = [
  '--expose-gc',
  '--min-semi-space-size=256',
  '--max-semi-space-size=256',
  // Threads of the collector and the compilers finish when they like; without them runs repeat to the byte.
  '--single-threaded',
  // How far the optimisers have come decides which objects are never made.
  '--no-opt',
  '--no-maglev',
];

/**
 * Counts the bytes one invocation allocates.
 *
 * @param files - absolute paths of the bundled worker and candidate
 * @param scenario - the event to answer
 * @param invocations - per sample; their garbage must fit into 256 MB
 * @returns bytes per invocation, the harness included: take the empty handler's off
 * @throws when the candidate crashes
 */
export async function heapBytes(
  files: WorkerFiles,
  scenario: AnyScenario = 'valid',
  invocations = 500,
): Promise<number> {
  const worker = await startWorker(files, scenario, flags);
  try {
    const samples: number[] = [];
    await worker.ask({ kind: 'heap', invocations });
    for (let sample = 0; sample < 3; sample++) {
      // oxlint-disable-next-line no-await-in-loop -- one heap, one sample at a time
      samples.push((await worker.ask({ kind: 'heap', invocations })).bytes);
    }
    return median(samples);
  } finally {
    worker.stop();
  }
}
