/**
 * `handlersmith invoke`.
 *
 * @module
 */
import type { Command } from '../command.ts';
import { PLAYING } from '../play/options.ts';
import { ALONE } from '../play/where.ts';

export const invokeCommand: Command = {
  name: 'invoke',
  summary: 'Invokes a function of the template, and prints its answer.',
  about: [
    'Asks the dev that runs in the same folder. Where none runs, with --alone, or with an option about playing, it plays the template for this one invocation, in memory, and ends it again.',
    "The answer goes to standard output; the function's log, and what went wrong, to standard error.",
  ],
  arguments: [
    { name: 'function', required: true, help: 'Its logical id in the template, or its name.' },
    { name: 'event', help: 'A file, JSON, or - for standard input. Default: {}.' },
  ],
  options: {
    ...ALONE,
    json: { kind: 'flag', help: 'Prints all that is known of the invocation, as one line of JSON.' },
    'no-logs': { kind: 'flag', help: "Leaves out the function's log." },
    ...PLAYING,
  },
  examples: [
    {
      command: 'handlersmith invoke Report',
      does: 'Invokes a function with {}.',
    },
    {
      command: 'handlersmith invoke Orders \'{"id": 1}\' --template infra/template.yaml',
      does: 'JSON as it is typed, of a template elsewhere.',
    },
    {
      command: "handlersmith event s3 --set key='a b.jpg' | handlersmith invoke Thumb -",
      does: 'An event as S3 sends it.',
    },
  ],
  load: () => import('./run.ts'),
};
