/**
 * What can be said about playing an app.
 *
 * @module
 */
import type { MovableClock } from '../clock/clock.ts';
import type { ReadTemplateOptions } from '../template/read.ts';

export interface PlayOptions extends Pick<
  ReadTemplateOptions,
  'parameters' | 'region' | 'sources' | 'stackName'
> {
  /** Folder that keeps tables, buckets, queues and streams between runs. Default: memory. */
  folder?: string;
  /** TCP ports of gateways by their logical id. Default: free ones. */
  ports?: Readonly<Record<string, number>>;
  /**
   * Further names by which gateways may be called, such as a tunnel's: `*.example.com`, `*` for any. Default:
   * addresses, and names that nobody else can own.
   */
  hosts?: readonly string[];
  /** `stop`: what the reader does not know ends it. `go on`: it is left out and told. Default: `go on`. */
  unknown?: 'stop' | 'go on';
  /** Variables of all functions, over the declared ones. */
  environment?: Readonly<Record<string, string>>;
  /** Milliseconds between tries of asynchronous invocations. Default: Lambda's one and two minutes. */
  retryDelay?: number;
  /** Lets a debugger attach to functions. */
  inspect?: true;
  /** Whether a change of a source starts new environments. Default: true. */
  watch?: boolean;
  /** Runs functions under Lambda's own runtime client, which must be installed. */
  runtimeClient?: 'aws-lambda-ric';
  /** Time that schedules, delays and expiry follow. Default: the real one, which can be moved ahead. */
  clock?: MovableClock;
}
