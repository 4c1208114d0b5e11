/**
 * One candidate in a process of its own, invoked in batches on request: `worker <bundle> <scenario>`.
 *
 * @module
 */
import { loadHandler } from '../job/handler.ts';
import { makeContext } from '../job/lambda.ts';
import { anyEventFor } from '../job/scenario.ts';
import { catchOutput } from '../job/sink.ts';
import { invokeInTurns } from '../job/turn.ts';

/** What the parent asks for. */
export type Request = { readonly kind: 'time' | 'heap'; readonly invocations: number };

/** What it gets: per invocation, but for the lines. */
export type Reply =
  | { readonly kind: 'ready'; readonly status: number | undefined }
  | { readonly kind: 'time'; readonly cpuMicros: number; readonly wallMicros: number; readonly lines: number }
  | { readonly kind: 'heap'; readonly bytes: number };

const [, , bundle = '', scenario = 'valid'] = process.argv;
const sink = catchOutput();
const handler = await loadHandler(bundle);
const event = anyEventFor(scenario);

process.on('message', (request: Request) => {
  const work = request.kind === 'time' ? time(request.invocations) : heap(request.invocations);
  // A candidate that throws ends the process, which the parent reports.
  void work.then(reply);
});
process.on('disconnect', () => process.exit(0));
const { statusCode: status } = await handler({ ...event }, makeContext());
reply({ kind: 'ready', status });

async function time(invocations: number): Promise<Reply> {
  const linesBefore = sink.lines;
  const wallBefore = performance.now();
  const cpuBefore = process.cpuUsage();
  await invokeInTurns(handler, event, invocations);
  const cpu = process.cpuUsage(cpuBefore);
  return {
    kind: 'time',
    cpuMicros: (cpu.user + cpu.system) / invocations,
    wallMicros: ((performance.now() - wallBefore) * 1000) / invocations,
    lines: sink.lines - linesBefore,
  };
}

/** Needs `--expose-gc` and a young generation large enough that nothing is collected in between. */
async function heap(invocations: number): Promise<Reply> {
  const collect = globalThis.gc;
  if (!collect) throw new Error('heap bytes are counted under --expose-gc only');
  collect();
  const before = process.memoryUsage().heapUsed;
  await invokeInTurns(handler, event, invocations);
  return { kind: 'heap', bytes: (process.memoryUsage().heapUsed - before) / invocations };
}

function reply(message: Reply): void {
  process.send?.(message);
}
