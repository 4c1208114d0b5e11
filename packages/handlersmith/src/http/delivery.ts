/**
 * From what left the stack to the last byte. All of it happens within the invocation's trace: a stream that breaks off,
 * or a chunk that takes its time, is found there.
 *
 * @module
 */
import type { InvocationParts } from '../handler/invocation.ts';
import { type InvocationTracer, noTracer, type Tracer } from '../observability/tracer.ts';
import { logAccess } from './access.ts';
import { type EdgeSettings, finish } from './edge.ts';
import { encode } from './encode.ts';
import { HttpExchange } from './exchange.ts';
import { Refusal, refusalOf } from './fault.ts';
import { type ResponseStream, sendStream, type StreamHead } from './sink.ts';
import type { HttpEvent } from './source/event.ts';

/** Makes the stream of an answer whose head is known. */
export type Open = (head: StreamHead, exchange: HttpExchange) => ResponseStream;

/** What takes the place of the event on its way to the exchange. */
export interface StreamCall {
  readonly event: HttpEvent;
  readonly open: Open;
}

/** A request that says where its answer goes. */
export class StreamExchange extends HttpExchange {
  readonly open: Open;

  constructor(parts: InvocationParts, gatewayTimeout: number | undefined) {
    const { event, open } = parts.event as StreamCall; // only the factory calls the stack
    super({ ...parts, event }, gatewayTimeout);
    this.open = open;
  }
}

/** What leaves the stack: everything but the sending. */
export interface Outgoing extends StreamHead {
  readonly exchange: HttpExchange;
  readonly chunks: AsyncIterable<Uint8Array | string>;
  readonly settings: EdgeSettings;
}

/**
 * A tracer that lets an invocation last until its answer is out.
 *
 * @param tracer - the team's, if there is one
 */
export function delivering(tracer: Tracer | undefined): Tracer {
  return {
    invocation: (info, run) => {
      const whole = async (tracing: InvocationTracer): ReturnType<typeof run> => {
        const outgoing = await run(tracing);
        // The edge made it. What a tracer may keep of it is the head alone.
        return (await deliver(outgoing as Outgoing)) as typeof outgoing;
      };
      return tracer === undefined ? whole(noTracer) : tracer.invocation(info, whole);
    },
  };
}

/** Sends, and writes the request's log line when the last byte is out. */
async function deliver(outgoing: Outgoing): Promise<StreamHead> {
  const { exchange } = outgoing;
  const { head, first, rest } = await begin(outgoing);
  const stream = (exchange as StreamExchange).open(head, exchange); // made by the factory, as one of these
  try {
    const bytes = await exchange.deadline.race(sendStream(stream, first, rest, exchange.signal));
    log(outgoing, head.status, bytes);
  } catch (error) {
    exchange.refusal = new Refusal(500, 'The stream broke off', { error });
    exchange.tracer = noTracer; // the tracer is told by the rejection
    log(outgoing, 500, 0);
    throw error; // the runtime breaks the connection
  }
  return head;
}

interface Begun {
  readonly head: StreamHead;
  readonly first: IteratorResult<Uint8Array | string>;
  readonly rest: AsyncIterator<Uint8Array | string>;
}

/** Waits for the first chunk. Should making it fail, nothing is out yet and the caller gets a whole problem instead. */
async function begin({ exchange, settings, chunks, ...head }: Outgoing): Promise<Begun> {
  let rest: AsyncIterator<Uint8Array | string> | undefined;
  try {
    rest = chunks[Symbol.asyncIterator]();
    return { head, first: await exchange.deadline.race(rest.next()), rest };
  } catch (error) {
    // Where the deadline came first it is still at work, and stops when it gets to its end: nobody waits for that.
    rest?.return?.().catch(() => {});
    const { answer, headers } = finish(exchange, refusalOf(error), settings.cors);
    const { body, ...problem } = encode(answer, headers, exchange.method === 'HEAD');
    const whole = only(body);
    return { head: problem, first: await whole.next(), rest: whole };
  }
}

function log({ exchange, settings }: Outgoing, status: number, bytes: number): void {
  if (settings.accessLog || exchange.refusal?.error !== undefined) logAccess(exchange, status, bytes);
}

/** A body that is whole, as a stream. */
export async function* only(chunk: Uint8Array | string): AsyncGenerator<Uint8Array | string> {
  if (chunk.length > 0) yield chunk;
}
