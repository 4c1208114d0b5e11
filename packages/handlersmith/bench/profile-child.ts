/**
 * Runs one bundle under the CPU profiler: `profile-child <bundle> <scenario> <invocations>`.
 * The profile goes to descriptor 3 as JSON.
 *
 * @module
 */
import { Session, type Profiler } from 'node:inspector/promises';

import { eventFor, type Scenario } from './job/events.ts';
import { loadHandler } from './job/handler.ts';
import { catchOutput } from './job/sink.ts';
import { invokeInTurns } from './job/turn.ts';

/** A CPU profile and what it is of. */
export interface ProfileReport {
  readonly profile: Profiler.Profile;
  readonly cpuMicros: number;
}

const WARM_UP = 30_000;
const SAMPLE_EVERY_MICROS = 100;

const [, , bundle = '', scenario = 'valid', invocations = '200000'] = process.argv;
catchOutput();
const handler = await loadHandler(bundle);
// The parent passes nothing but scenarios.
const event = eventFor(scenario as Scenario);
await invokeInTurns(handler, event, WARM_UP);

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
