/**
 * What can be said to a function's process and what it says, whichever runtime is in it.
 *
 * @module
 */
import type { LogLine } from './function.ts';
import type { NodeProcess } from './process.ts';
import type { InvocationHead, ReportedError } from './protocol.ts';

/** How an invocation ended, in the words of the process. */
export type Outcome =
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'streamed' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'failed'; readonly error: ReportedError };

/** What comes from a process. */
export interface Events {
  /** The handler is loaded. */
  ready(inspector?: string): void;
  initFailed(error: ReportedError): void;
  /** @param memory - peak in MB, undefined where it is not known */
  settled(outcome: Outcome, memory: number | undefined): void;
  /** A streamed answer begins. */
  begin(prelude: unknown): void;
  chunk(bytes: Uint8Array): void;
  line(line: LogLine): void;
  output(stream: LogLine['stream'], bytes: Uint8Array): void;
}

/** A process that is starting or runs, and the way to it. */
export interface Connection {
  readonly process: NodeProcess;
  readonly invoke: (head: InvocationHead, event: string) => void;
  /** Ends what was opened for it. The process is gone by then. */
  close(): Promise<void>;
}

/** Starts a process. */
export type Connect = (events: Events) => Promise<Connection>;
