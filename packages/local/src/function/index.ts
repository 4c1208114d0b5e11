/**
 * Functions in processes of their own, as Lambda runs them.
 *
 * @module
 */
export type { Bundle, SourceProblem } from './bundle/bundle.ts';
export { bundleSource, type BundleSourceOptions } from './bundle/source.ts';
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
export type { ReportedError } from './protocol.ts';
export { startFunction } from './start.ts';
export type { FunctionOptions } from './start.ts';
