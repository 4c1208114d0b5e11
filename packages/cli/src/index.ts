/**
 * The command line as a function, for programs that run it. People run `handlersmith`.
 *
 * @module
 */
export { runCli } from './run.ts';
export type { Output, Terminal } from './terminal.ts';
