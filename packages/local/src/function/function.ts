import type { AppFunction } from '../template/app.ts';

/**
 * A function of the app, ready to be invoked: environments are started when they are needed, kept warm and
 * thrown away after a time-out, a crash or a change of the source, as Lambda does.
 */
export interface LocalFunction {
  readonly declared: AppFunction;
  /**
   * Invokes it once and says what became of it. Never rejects for what the function does: a throw, a time-out, an
   * exit are results.
   */
  invoke(invocation: FunctionInvocation): Promise<FunctionResult>;
  /** Lets environments finish what they run, then starts the next invocation on the source as it is now. */
  reload(): void;
  /** Ends all environments, running ones too. */
  close(): Promise<void>;
}

/** One invocation. */
export interface FunctionInvocation {
  readonly requestId: string;
  /** The event as JSON text: what Lambda hands over is never shared memory. */
  readonly event: string;
  /** `_X_AMZN_TRACE_ID` while it runs: the SDK sends it on, so what the function causes can be told. */
  readonly trace: string;
  /** Milliseconds by which its `Date` is ahead of this machine's: the app's clock was moved. Default: 0. */
  readonly ahead?: number;
  /** What a client of the SDKs for phones sends along, as JSON. */
  readonly clientContext?: string;
  /** A line the function wrote, as it comes. */
  readonly onLog?: (line: LogLine) => void;
  /** Takes a streamed answer as it comes; without it a stream is collected. */
  readonly stream?: AnswerStream;
}

/** Where the parts of a streamed answer go. */
export interface AnswerStream {
  /** Called once, before the first bytes: status, headers and cookies, where the function gave them. */
  readonly begin: (prelude: unknown) => void;
  readonly write: (chunk: Uint8Array) => void;
}

/** One line of a function's output. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  /** Set where a line was cut. */
  readonly truncated?: boolean;
}

/** What an invocation came to. */
export type FunctionResult = FunctionAnswer | FunctionFailure;

interface Measured {
  /** Milliseconds the handler ran. */
  readonly duration: number;
  /** Milliseconds the environment took to start, on a cold start. */
  readonly initDuration?: number;
  /** Peak of the environment so far, MB. */
  readonly memoryUsed: number;
}

export interface FunctionAnswer extends Measured {
  readonly ok: true;
  /** The answer as JSON text, or the bytes of a stream that nobody took. */
  readonly payload: string | Uint8Array;
  /** Status, headers and cookies of a streamed HTTP answer. */
  readonly prelude?: unknown;
}

export interface FunctionFailure extends Measured {
  readonly ok: false;
  readonly reason: 'error' | 'timeout' | 'exit' | 'init' | 'too-large' | 'throttled';
  /** As Lambda reports it. */
  readonly error: {
    readonly errorType: string;
    readonly errorMessage: string;
    readonly trace: readonly string[];
  };
}
