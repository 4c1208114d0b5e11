/**
 * `handlersmith tick`.
 *
 * @module
 */
import type { Command } from '../command.ts';
import { PLAYING } from '../play/options.ts';
import { ALONE } from '../play/where.ts';

export const tickCommand: Command = {
  name: 'tick',
  summary: 'Fires a schedule of the template now, and prints what its function answers.',
  about: [
    'Asks the dev that runs in the same folder, and waits for the first try. Where none runs, with --alone, or with an option about playing, it plays the template for this, in memory, waits until all is done, tries after a failure and what the function caused among it, and ends it again. Tries are one second apart then, unless --retry-delay says otherwise.',
  ],
  arguments: [
    {
      name: 'schedule',
      required: true,
      help: 'Its logical id, its name, or the function it invokes where that has one schedule alone.',
    },
  ],
  options: {
    slot: {
      kind: 'text',
      value: 'time',
      help: 'The time it is fired for, such as 2026-11-01T02:00:00Z. Default: now.',
    },
    ...ALONE,
    json: { kind: 'flag', help: 'Prints all that is known of each try, as lines of JSON.' },
    'no-logs': { kind: 'flag', help: "Leaves out the functions' logs." },
    ...PLAYING,
  },
  examples: [
    { command: 'handlersmith tick Nightly', does: 'Fires a schedule for the current time.' },
    {
      command: 'handlersmith tick Nightly --slot 2026-11-01T02:00:00Z',
      does: 'Runs again what a night missed.',
    },
  ],
  load: () => import('./run.ts'),
};
