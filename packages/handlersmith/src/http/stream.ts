/**
 * `httpStreamHandler`: answers that start before they are complete.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import type { FunctionEnvironmentOf } from '../handler/environment.ts';
import type { Serve } from '../handler/function.ts';
import type { Edge } from '../handler/stack.ts';
import { HttpAnswer } from './answer.ts';
import { buildHttp } from './build.ts';
import { extendable, extended, type Merged } from './defaults.ts';
import { delivering, only, type Open, type Outgoing, type StreamCall, StreamExchange } from './delivery.ts';
import { type EdgeSettings, finish } from './edge.ts';
import { encode } from './encode.ts';
import type { HttpExchange } from './exchange.ts';
import { refusalOf } from './fault.ts';
import { type HttpHandler, manifestOf, prepared } from './handler.ts';
import type { HttpInput, HttpOutput } from './input.ts';
import type { HttpOptions, RouteOptions } from './options.ts';
import { release, type ResponseStream, type Runtime, type StreamHead } from './sink.ts';
import type { HttpEvent, HttpResult, HttpSource } from './source/event.ts';

type GatewayPath = Readonly<Record<string, string | undefined>>;

/** Makes streaming handlers; `extend` makes a factory of your own out of it. */
export interface HttpStreamHandlerFactory<Defaults> {
  /**
   * Makes a Lambda handler that streams its answers, for Function URLs with `InvokeMode: RESPONSE_STREAM` and REST
   * APIs with streaming turned on: a body that is an async iterable is sent chunk by chunk, as fast as the caller
   * takes it. Everything else works as with `httpHandler`. An error before the first chunk is a problem answer;
   * after it the connection breaks, so that nobody takes half an answer for a whole one.
   *
   * Outside Lambda's Node.js runtime (unit tests) the handler collects the stream and returns a buffered answer.
   *
   * @param options - as for `httpHandler`
   * @param run - returns `streamed(chunks)`, or anything `httpHandler` takes
   * @throws TypeError naming the wrong option
   * @example
   * export const handler = httpStreamHandler({}, ({ signal }) =>
   *   streamed(tokens({ signal }), { contentType: 'text/event-stream' }),
   * );
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
   */
  <const Options extends HttpOptions & RouteOptions>(
    options: Options,
    run: (
      input: HttpInput<Options, GatewayPath, FunctionEnvironmentOf<Merged<Defaults, Options>>>,
    ) => HttpOutput<Options> | Promise<HttpOutput<Options>>,
  ): HttpHandler;
  /** The same factory with defaults filled in. See `httpHandler.extend`. */
  extend<const More extends HttpOptions>(defaults: More): HttpStreamHandlerFactory<Merged<Defaults, More>>;
}

const FACTORY = 'httpStreamHandler';

/** Makes a Lambda handler that streams its answers. See {@link HttpStreamHandlerFactory}. */
export const httpStreamHandler: HttpStreamHandlerFactory<object> = /* @__PURE__ */ extendable(
  FACTORY,
  (defaults) =>
    (options: HttpOptions & RouteOptions, run: (input: never) => unknown): HttpHandler => {
      const { httpOptions, find } = prepared(FACTORY, extended(defaults, options), run);
      if (options.idempotency !== undefined)
        throw new TypeError(
          `${FACTORY}: option "idempotency" needs answers that can be kept: use httpHandler`,
        );
      const traced = { ...httpOptions, tracer: delivering(httpOptions.tracer) };
      const serve = buildHttp(FACTORY, traced, find, streamEdgeOf, StreamExchange);
      // The runtime sets this global before it loads the handler; it has no types of its own here.
      const { awslambda } = globalThis as { awslambda?: Runtime };
      const handler =
        awslambda?.streamifyResponse === undefined ? buffered(serve) : streaming(serve, awslambda);
      return Object.assign(handler, { manifest: manifestOf(httpOptions, true) });
    },
);

function streamEdgeOf(settings: EdgeSettings): Edge<HttpExchange> {
  const prepare = (exchange: HttpExchange, outcome: unknown): Outgoing => {
    const { answer, headers } = finish(exchange, outcome, settings.cors);
    const { body: stream } = answer;
    const isBodiless = answer.status === 204 || answer.status === 304;
    if (isAsyncIterable(stream) && (isBodiless || exchange.method === 'HEAD')) release(stream);
    if (!isAsyncIterable(stream) || isBodiless) {
      const {
        status,
        headers: typed,
        cookies,
        body,
        isBase64Encoded,
      } = encode(answer, headers, exchange.method === 'HEAD');
      return {
        exchange,
        settings,
        status,
        headers: typed,
        cookies,
        chunks: only(isBase64Encoded ? Buffer.from(body, 'base64') : body),
      };
    }
    const { status, headers: checked } = encode(
      new HttpAnswer(answer.status, undefined, answer),
      headers,
      false,
    );
    const typed =
      checked['content-type'] === undefined
        ? { ...checked, 'content-type': 'application/octet-stream' }
        : checked;
    const chunks = exchange.method === 'HEAD' ? only('') : stream;
    return { exchange, settings, status, headers: typed, cookies: answer.cookies, chunks };
  };
  return {
    after: (request) => {
      request.response = prepare(request.event, request.response);
    },
    onError: (request) => {
      const outcome = request.response ?? refusalOf(request.error);
      try {
        request.response = prepare(request.event, outcome);
      } catch (error) {
        request.response = prepare(request.event, refusalOf(error));
      }
    },
  };
}

function isAsyncIterable(value: unknown): value is AsyncIterable<Uint8Array | string> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** The handler as Lambda's runtime calls it, with a stream between event and context. */
function streaming(serve: Serve, runtime: Runtime): HttpHandler {
  const handler = async (
    event: HttpEvent,
    stream: ResponseStream,
    context: Partial<Context>,
  ): Promise<void> => {
    const open: Open = (head, exchange) =>
      runtime.HttpResponseStream.from(stream, preludeOf(head, exchange.source === 'rest'));
    await serve({ event, open } satisfies StreamCall, context);
  };
  // The runtime marks the function and gives it back; tests call the buffered form.
  return runtime.streamifyResponse(handler) as unknown as HttpHandler;
}

/** REST APIs take cookies as a repeated header, Function URLs as a list. */
function preludeOf({ status, headers, cookies }: StreamHead, multiValue: boolean): object {
  if (cookies.length === 0) return { statusCode: status, headers };
  return multiValue
    ? { statusCode: status, headers, multiValueHeaders: { 'Set-Cookie': cookies } }
    : { statusCode: status, headers, cookies };
}

/** The handler outside Lambda: the whole stream as one answer. */
function buffered(serve: Serve): (event: HttpEvent, context?: Partial<Context>) => Promise<HttpResult> {
  return async (event, context = {}) => {
    const chunks: Buffer[] = [];
    let gateway: HttpSource | undefined;
    const open: Open = (_head, exchange) => {
      ({ gateway } = exchange);
      return {
        write: (chunk) => chunks.push(Buffer.from(chunk)) > 0,
        end: () => {},
        once: () => {},
        off: () => {},
      };
    };
    const { status, headers, cookies } = (await serve(
      { event, open } satisfies StreamCall,
      context,
    )) as StreamHead; // see delivering
    const bytes = Buffer.concat(chunks);
    // What says that it is text may still be of another charset.
    const isText = /^text\/|[/+]json\b|charset=utf-8/i.test(headers['content-type'] ?? '') && isUtf8(bytes);
    const body = bytes.toString(isText ? 'utf8' : 'base64');
    // Known since the answer was begun, by `open`.
    return (gateway as HttpSource).respond({
      status,
      headers,
      cookies,
      body,
      isBase64Encoded: !isText && body !== '',
    });
  };
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString()).equals(bytes);
}
