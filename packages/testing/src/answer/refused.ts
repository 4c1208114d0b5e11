/**
 * The error for an answer that AWS would not pass on as it is meant.
 *
 * @module
 */
import type { HttpSource } from '../http/source.ts';

/** Thrown by `readAnswer` and `request` when a handler's answer breaks a rule of the service it answers to. */
export class AnswerRefused extends Error {
  override readonly name = 'AnswerRefused';
  /** Id of the rule that is broken, such as `H11`. */
  readonly rule: string;
  /** The service that would not take the answer. */
  readonly source: HttpSource;

  constructor(source: HttpSource, rule: string, problem: string, options?: ErrorOptions) {
    super(`[${rule}] ${NAMES[source]}: ${problem}`, options);
    this.rule = rule;
    this.source = source;
  }
}

const NAMES: Readonly<Record<HttpSource, string>> = {
  rest: 'REST API',
  httpApi: 'HTTP API',
  functionUrl: 'Function URL',
  alb: 'load balancer',
  albMulti: 'load balancer with multi-value headers',
};
