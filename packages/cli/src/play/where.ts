/**
 * What is said of where an app is played.
 *
 * @module
 */
import type { Options } from '../command.ts';

/** Options of commands that ask a running `dev`, or play the template themselves. */
export const ALONE: Options = {
  template: {
    kind: 'text',
    value: 'file',
    help: 'The template, or a folder to look in. Default: template.yaml, .yml or .json here, then cdk.out, then .serverless.',
  },
  alone: { kind: 'flag', help: 'Plays the template itself, even where a dev runs.' },
};
