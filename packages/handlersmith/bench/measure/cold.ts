/**
 * What a cold start costs: CPU of import and first event in a fresh process, an empty module taken off.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';

import { lambdaEnvironment } from '../job/lambda.ts';
import { median, shuffled, spread, type Spread } from '../statistics.ts';
import type { ColdReport } from './cold-child.ts';
import type { Contestant } from './warm.ts';

export interface ColdSettings {
  /** Absolute path of the bundled `measure/cold-child.ts`. */
  readonly child: string;
  /** Processes per candidate. */
  readonly rounds: number;
  /** Invocations per process: how many it takes until the function counts as warm. */
  readonly invocations: number;
}

/** What came out for one contestant, the empty module taken off. */
export interface Cold {
  /** CPU of import and first event, in ms. */
  readonly millis: Spread;
  /** Of that, the import alone. */
  readonly importMillis: number;
  /** What of it is more than the base's. A difference: the base itself takes next to nothing. */
  readonly millisOverBase: number;
  /** Resident memory after the first answer. */
  readonly residentBytes: number;
  /** CPU µs per invocation over the first invocations. */
  readonly earlyMicros: number;
  /** The same as a multiple of the bare handler's that logs: a silent one takes next to nothing. */
  readonly earlyRatio: number;
}

/**
 * Measures all contestants in one go, fresh processes in random order.
 *
 * @param contestants - one of them named `empty`
 * @param settings - how often
 * @returns results by name, `empty` left out
 * @throws when a process fails
 */
export function measureCold(
  contestants: readonly Contestant[],
  settings: ColdSettings,
): Record<string, Cold> {
  const reports = new Map<string, ColdReport[]>(contestants.map(({ name }) => [name, []]));
  // The first round only brings the files into the page cache.
  for (const { bundle } of contestants) coldStart(bundle, { ...settings, invocations: 1 });
  for (let round = 0; round < settings.rounds; round++) {
    for (const { name, bundle } of shuffled(contestants))
      reports.get(name)?.push(coldStart(bundle, settings));
  }
  return results(contestants, reports, settings.invocations);
}

function coldStart(bundle: string, { child, invocations }: ColdSettings): ColdReport {
  const { status, stderr, output } = spawnSync(process.execPath, [child, bundle, String(invocations)], {
    env: lambdaEnvironment,
    encoding: 'utf8',
    // A pipe, as in Lambda: a file or a terminal makes the first write a different one.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    maxBuffer: 16 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${bundle} failed in a fresh process: ${stderr}`);
  // The child wrote it; a broken child shows as a parse error here.
  return JSON.parse(output[3] ?? '') as ColdReport;
}

function results(
  contestants: readonly Contestant[],
  reports: ReadonlyMap<string, readonly ColdReport[]>,
  invocations: number,
): Record<string, Cold> {
  const above = (name: string, figure: (report: ColdReport) => number): number[] => {
    const idle = median((reports.get('empty') ?? []).map(figure));
    return (reports.get(name) ?? []).map((report) => figure(report) - idle);
  };
  const early = (report: ColdReport): number => (report.invocationsMs * 1000) / invocations;
  return Object.fromEntries(
    contestants
      .filter(({ name }) => name !== 'empty')
      .map(({ name, base }) => {
        const millis = spread(above(name, start));
        const earlyMicros = median(above(name, early));
        const result: Cold = {
          millis,
          importMillis: median(above(name, (report) => report.importMs)),
          millisOverBase: millis.median - median(above(base, start)),
          residentBytes: median(above(name, (report) => report.residentBytes)),
          earlyMicros,
          earlyRatio: earlyMicros / median(above('bare', early)),
        };
        return [name, result];
      }),
  );
}

const start = (report: ColdReport): number => report.importMs + report.firstMs;
