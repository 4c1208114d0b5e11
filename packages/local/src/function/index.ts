/**
 * Functions in processes of their own, as Lambda runs them.
 *
 * @module
 */
export type { SourceProblem } from './bundle/bundle.ts';
export type {
  AnswerStream,
  FunctionAnswer,
  FunctionFailure,
  FunctionInvocation,
  FunctionResult,
  LocalFunction,
  LogLine,
} from './function.ts';
export type { Reload } from './source.ts';
export { startFunction } from './start.ts';
export type { FunctionOptions } from './start.ts';
