/**
 * What an app that is being played offers.
 *
 * @module
 */
import type { LocalAws } from '../aws/start.ts';
import type { MovableClock } from '../clock/clock.ts';
import type { FunctionResult } from '../function/index.ts';
import type { ScheduleMapping } from '../mapping/index.ts';
import type { App } from '../template/app.ts';
import type { Journal } from './journal.ts';
import type { CallS3 } from './signed.ts';

/** An app that is being played. */
export interface LocalApp extends AsyncDisposable {
  readonly app: App;
  readonly aws: LocalAws;
  readonly clock: MovableClock;
  readonly journal: Journal;
  /** URLs of gateways by their logical id. */
  readonly urls: Readonly<Record<string, string>>;
  /**
   * Variables that send the SDK's clients to the services of the app: those of `aws.environment`, and those of
   * EventBridge and Lambda, whose functions and rules the app has.
   */
  readonly environment: Readonly<Record<string, string>>;
  readonly schedules: ReadonlyMap<string, Pick<ScheduleMapping, 'fire' | 'next'>>;
  /** Requests to the buckets, signed. */
  readonly s3: CallS3;
  /** Invokes a function by its logical id or name, as the Lambda console does. */
  invoke(name: string, event: unknown): Promise<FunctionResult & { readonly requestId: string }>;
  /** Resolves when nothing is under way: no event waits for a function and no invocation runs. */
  idle(): Promise<void>;
  /** Ends all of it. May be called more than once. */
  stop(): Promise<void>;
}
