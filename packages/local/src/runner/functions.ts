/**
 * Starting the functions of an app.
 *
 * @module
 */
import type { MovableClock } from '../clock/clock.ts';
import type { LocalFunction, Reload } from '../function/index.ts';
import { startFunction } from '../function/index.ts';
import { DEFAULT_CONCURRENCY } from '../function/start.ts';
import type { App, AppFunction } from '../template/app.ts';
import type { Journal } from './journal.ts';
import type { PlayOptions } from './options.ts';

/** Starts a function; what becomes of its source is in the journal. */
export function startDeclared(
  declared: AppFunction,
  started: Started,
  options: PlayOptions,
  journal: Journal,
  clock: MovableClock,
): LocalFunction {
  return startFunction(declared, functionOptions(declared, started, options, journal, clock));
}

/** What the rest of the app means for a function. */
interface Started {
  /** Variables over the declared ones. */
  readonly environment: Readonly<Record<string, string>>;
  readonly triggers: App['triggers'];
}

function functionOptions(
  declared: AppFunction,
  { environment, triggers }: Started,
  { inspect, watch, runtimeClient }: PlayOptions,
  journal: Journal,
  clock: MovableClock,
): Parameters<typeof startFunction>[1] {
  const note = (kind: 'reload' | 'warning', text: string): void =>
    journal.note({ time: clock.now(), kind, text: `${declared.id}: ${text}`, causes: [] });
  return {
    environment,
    concurrency: Math.max(DEFAULT_CONCURRENCY, scaledTo(declared, triggers)),
    ...(inspect !== undefined && {
      inspect,
      onInspector: (url: string) => note('reload', `debugger at ${url}`),
    }),
    ...(watch !== undefined && { watch }),
    ...(runtimeClient !== undefined && { runtimeClient }),
    onReload(reload: Reload) {
      if (reload.ok) note('reload', 'source reloaded');
      else
        for (const { message, file, line } of reload.problems)
          note(
            'warning',
            `${reload.earlier ? 'the source as it was goes on' : 'cannot be loaded'}: ${message}${file === undefined ? '' : ` (${file}:${line ?? 1})`}`,
          );
    },
  };
}

/** How many batches of queues its template allows at once. */
function scaledTo({ id }: AppFunction, triggers: App['triggers']): number {
  const bounds = triggers.map((trigger) =>
    trigger.type === 'sqs' && trigger.function === id ? (trigger.maximumConcurrency ?? 0) : 0,
  );
  return bounds.reduce((sum, bound) => sum + bound, 0);
}

/** Whether a function is meant by its logical id, its name or its ARN. */
export function isNamed({ id, name, arn }: AppFunction, wanted: string): boolean {
  return id === wanted || name === wanted || arn === wanted.replace(/:\$LATEST$/u, '');
}
