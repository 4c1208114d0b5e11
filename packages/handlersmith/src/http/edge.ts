/**
 * The edge of the stack: whatever came out becomes an answer with CORS headers, in the shape of its source, and
 * one log line.
 *
 * @module
 */
import type { Edge } from '../handler/stack.ts';
import { logAccess } from './access.ts';
import type { HttpAnswer } from './answer.ts';
import { type Cors, withCors } from './cors.ts';
import { answerOf, bytesOverLimit, encode, UnsendableAnswer } from './encode.ts';
import type { HttpExchange } from './exchange.ts';
import { problemAnswer, Refusal, refusalOf, refusalOfProblem } from './fault.ts';
import { HttpProblem } from './problem.ts';
import type { EncodedAnswer } from './source/event.ts';

/** What the edge needs to know of its handler. */
export interface EdgeSettings {
  readonly cors: Cors | undefined;
  readonly accessLog: boolean;
}

/**
 * Makes the edge of a handler. Its `onError` cannot throw: when an answer cannot be sent, a problem that says so is
 * sent instead, and a problem is plain JSON.
 */
export function edgeOf(settings: EdgeSettings): Edge<HttpExchange> {
  return {
    after: (request) => {
      request.response = send(request.event, request.response, settings);
    },
    onError: (request) => {
      // A middleware's onError may have answered: its answer goes out like any other.
      const outcome = request.response ?? refusalOf(request.error);
      try {
        request.response = send(request.event, outcome, settings);
      } catch (error) {
        request.response = send(request.event, refusalOf(error), settings);
      }
    },
  };
}

/** Everything that is the same for buffered and streamed answers: status, headers, cookies, and what is logged. */
export function finish(
  exchange: HttpExchange,
  outcome: unknown,
  cors: Cors | undefined,
): { answer: HttpAnswer; headers: Record<string, string> } {
  const refusal = outcome instanceof HttpProblem ? refusalOfProblem(outcome) : outcome;
  let answer: HttpAnswer;
  if (refusal instanceof Refusal) {
    exchange.refusal = refusal;
    answer = problemAnswer(refusal, exchange.requestId);
  } else {
    answer = answerOf(outcome);
  }
  const { headers } = answer;
  return {
    answer,
    headers:
      cors === undefined
        ? { ...headers }
        : withCors(headers, cors.headersFor(exchange.receivedHeader('origin'))),
  };
}

function send(exchange: HttpExchange, outcome: unknown, settings: EdgeSettings): unknown {
  const { answer, headers } = finish(exchange, outcome, settings.cors);
  const encoded = encode(answer, headers, exchange.method === 'HEAD');
  const over = bytesOverLimit(encoded, exchange.gateway);
  if (over > 0) {
    throw new UnsendableAnswer(
      `The answer is ${over} bytes over the ${exchange.gateway.answerLimit} bytes that ${exchange.source} takes. Page it, or stream it.`,
    );
  }
  if (exchange.source === 'alb' && encoded.cookies.length > 1) {
    exchange.logger.error('cookies dropped: a load balancer without multi-value headers carries one', {
      cookies_dropped: encoded.cookies.length - 1,
    });
  }
  if (settings.accessLog || exchange.refusal?.error !== undefined)
    logAccess(exchange, encoded.status, bytesIn(encoded));
  return exchange.gateway.respond(encoded);
}

function bytesIn(encoded: EncodedAnswer): number {
  return Buffer.byteLength(encoded.body, encoded.isBase64Encoded ? 'base64' : 'utf8');
}
