/**
 * A fresh environment: loads a bundle, answers one event, then some more, and tells what each took.
 * `cold-child <bundle> <invocations>`; the report goes to descriptor 3.
 *
 * Nothing in here imports a built-in as a module: that evaluates all its exports, and the candidate would get for free
 * what it should pay for.
 *
 * @module
 */
import { eventFor } from '../job/events.ts';
import { loadHandler } from '../job/handler.ts';
import { makeContext } from '../job/lambda.ts';
import { invokeInTurns } from '../job/turn.ts';

/** CPU in ms, memory in bytes. */
export interface ColdReport {
  readonly importMs: number;
  readonly firstMs: number;
  /** After the first answer. */
  readonly residentBytes: number;
  /** The first and all further invocations. */
  readonly invocationsMs: number;
}

const [, , bundle = '', invocations = '1'] = process.argv;
const event = eventFor('valid');

const start = process.cpuUsage();
const handler = await loadHandler(bundle);
const imported = process.cpuUsage();
await handler({ ...event }, makeContext());
const answered = process.cpuUsage();
const residentBytes = process.memoryUsage.rss();
const resumed = process.cpuUsage();
await invokeInTurns(handler, event, Number(invocations) - 1);
const done = process.cpuUsage();

const report: ColdReport = {
  importMs: millis(start, imported),
  firstMs: millis(imported, answered),
  residentBytes,
  invocationsMs: millis(imported, answered) + millis(resumed, done),
};
process.getBuiltinModule('node:fs').writeSync(3, JSON.stringify(report));
process.exit(0);

function millis(from: NodeJS.CpuUsage, to: NodeJS.CpuUsage): number {
  return (to.user + to.system - from.user - from.system) / 1000;
}
