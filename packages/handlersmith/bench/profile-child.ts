/**
 * Runs one bundle under the CPU profiler: `profile-child <bundle> <scenario> <invocations>`.
 * The profile goes to descriptor 3 as JSON.
 *
 * @module
 */
import { Session, type Profiler } from 'node:inspector/promises';

import { loadHandler } from './job/handler.ts';
import { anyEventFor } from './job/scenario.ts';
import { catchOutput } from './job/sink.ts';
import { invokeInTurns } from './job/turn.ts';

/** A CPU profile and what it is of. */
export interface ProfileReport {
  readonly profile: Profiler.Profile;
  readonly cpuMicros: number;
}

/** Of the invocations to be profiled, how many more go before. */
const WARM_UP = 0.15;
const SAMPLE_EVERY_MICROS = 100;

const [, , bundle = '', scenario = 'valid', invocations = '200000'] = process.argv;
catchOutput();
const handler = await loadHandler(bundle);
const event = anyEventFor(scenario);
await invokeInTurns(handler, event, Number(invocations) * WARM_UP);

const before = process.cpuUsage();
await invokeInTurns(handler, event, Number(invocations));
const cpu = process.cpuUsage(before);

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_MICROS });
await session.post('Profiler.start');
await invokeInTurns(handler, event, Number(invocations));
const { profile } = await session.post('Profiler.stop');

const report: ProfileReport = { profile, cpuMicros: (cpu.user + cpu.system) / Number(invocations) };
const fs = process.getBuiltinModule('node:fs');
const text = Buffer.from(JSON.stringify(report));
for (let written = 0; written < text.length;) written += fs.writeSync(3, text, written);
process.exit(0);
