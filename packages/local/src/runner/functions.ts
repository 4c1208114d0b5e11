/**
 * Starting the functions of an app.
 *
 * @module
 */
import type { MovableClock } from '../clock/clock.ts';
import type { LocalFunction, Reload } from '../function/index.ts';
import { startFunction } from '../function/index.ts';
import type { AppFunction } from '../template/app.ts';
import type { Journal } from './journal.ts';
import type { PlayOptions } from './options.ts';

/** Starts a function; what becomes of its source is in the journal. */
export function startDeclared(
  declared: AppFunction,
  environment: Readonly<Record<string, string>>,
  options: PlayOptions,
  journal: Journal,
  clock: MovableClock,
): LocalFunction {
  return startFunction(declared, functionOptions(declared, environment, options, journal, clock));
}

function functionOptions(
  declared: AppFunction,
  environment: Readonly<Record<string, string>>,
  { inspect, watch, runtimeClient }: PlayOptions,
  journal: Journal,
  clock: MovableClock,
): Parameters<typeof startFunction>[1] {
  const note = (kind: 'reload' | 'warning', text: string): void =>
    journal.note({ time: clock.now(), kind, text: `${declared.id}: ${text}`, causes: [] });
  return {
    environment,
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
            `the source as it was goes on: ${message}${file === undefined ? '' : ` (${file}:${line ?? 1})`}`,
          );
    },
  };
}

/** Whether a function is meant by its logical id, its name or its ARN. */
export function isNamed({ id, name, arn }: AppFunction, wanted: string): boolean {
  return id === wanted || name === wanted || arn === wanted.replace(/:\$LATEST$/u, '');
}
