/**
 * Streamed answers: the stream a handler writes to, and what marks a handler as one that streams.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
 */
import { Writable } from 'node:stream';

import { FRAME } from '../protocol.ts';
import { runtimeError } from './failure.ts';
import { send } from './outbox.ts';

/** How Lambda's own runtime marks handlers. */
const STREAMING: unique symbol = Symbol.for('aws.lambda.runtime.handler.streaming') as never; // symbols of the registry are not unique to types
const HIGH_WATER_MARK: unique symbol = Symbol.for(
  'aws.lambda.runtime.handler.streaming.highWaterMark',
) as never; // as above

interface Marks {
  [STREAMING]?: unknown;
  [HIGH_WATER_MARK]?: unknown;
}

/** What code finds as `awslambda`. */
export const streaming = {
  streamifyResponse<Handler extends object>(handler: Handler, options?: { highWaterMark?: number }): Handler {
    const marked: Marks = handler;
    marked[STREAMING] = 'response';
    if (typeof options?.highWaterMark === 'number') marked[HIGH_WATER_MARK] = options.highWaterMark;
    return handler;
  },
  HttpResponseStream: {
    /** Puts status, headers and cookies before what is written to the stream. */
    from(stream: AnswerStream, prelude: unknown): AnswerStream {
      stream.setContentType('application/vnd.awslambda.http-integration-response');
      stream.prelude = { value: prelude };
      return stream;
    },
  },
};

/** Whether the handler was given to `streamifyResponse`. */
export function streams(handler: object): boolean {
  const mark = (handler as Marks)[STREAMING]; // any function may have been marked
  if (mark === undefined || mark === 'response') return mark === 'response';
  throw runtimeError('MalformedStreamingHandler', 'Only response streaming is supported.');
}

/** The stream of one invocation. */
export class AnswerStream extends Writable {
  prelude: { readonly value: unknown } | undefined;
  #begun = false;

  constructor(handler: object) {
    const mark = Number((handler as Marks)[HIGH_WATER_MARK]); // any function may have been marked
    super({ decodeStrings: true, ...(mark > 0 && { highWaterMark: mark }) });
  }

  setContentType(_type: string): void {
    if (this.#begun) throw runtimeError('InvalidStreamingOperation', 'Cannot set content-type, too late.');
  }

  /** Takes what is neither text nor bytes as JSON, as Lambda's does. */
  override write(chunk: unknown, ...rest: never[]): boolean {
    const data = typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : JSON.stringify(chunk);
    return super.write(data, ...rest);
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#begin();
    send(FRAME.chunk, chunk);
    done();
  }

  override _final(done: () => void): void {
    // Without a byte there is no head on Lambda either, but a status alone is better than nothing.
    this.#begin();
    done();
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    send(FRAME.begin, JSON.stringify(this.prelude ?? {}));
  }
}
