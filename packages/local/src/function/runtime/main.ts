/**
 * What runs in a function's process: loads the handler, then takes one invocation after the other, as Lambda's runtime
 * for Node.js does.
 *
 * @module
 */
import { Socket } from 'node:net';

import { ANSWER_LIMIT, FRAME, frameReader, type InvocationHead, readHeaded } from '../protocol.ts';
import { patchOutput } from './console.ts';
import { machineNow, patchDate, tellAhead } from './date.ts';
import { logged, reported, runtimeError } from './failure.ts';
import { type Handler, loadHandler } from './handler.ts';
import { peakMemory, send } from './outbox.ts';
import { type InvokeStore, invokeStore, storeContext } from './store.ts';
import { AnswerStream, streaming } from './stream.ts';

/** The descriptor that invocations come from. */
const DESCRIPTOR = 3;

const [, , file = '', exported = ''] = process.argv;
const store = invokeStore();
Object.assign(globalThis, { awslambda: { ...streaming, InvokeStore: store } });
patchOutput(store.getRequestId);
patchDate();

serve(await load(), store);

async function load(): Promise<Handler> {
  try {
    return await loadHandler(file, exported);
  } catch (error) {
    console.error('Init Error\t%s', logged(error));
    send(FRAME.initFailed, JSON.stringify(reported(error)));
    // As the real one: what the module started does not keep the environment.
    return process.exit(1);
  }
}

function serve(loaded: Handler, invocations: InvokeStore): void {
  const read = frameReader((type, payload) => {
    if (type !== FRAME.invoke) return;
    const { head, rest } = readHeaded(payload);
    // What happened while the process was frozen, such as a connection closed by the other side, is told first.
    setImmediate(() => void invoke(loaded, invocations, head as InvocationHead, rest)); // sent so by our own side
  });
  const socket = new Socket({ fd: DESCRIPTOR, readable: true, writable: false });
  socket.on('data', read);
  // Whoever invokes us is gone, however it went.
  socket.on('close', () => process.kill(process.pid, 'SIGKILL'));
  void announce();
}

async function announce(): Promise<void> {
  if (!process.execArgv.some((flag) => flag.startsWith('--inspect'))) {
    send(FRAME.ready, '{}');
    return;
  }
  const inspector = await import('node:inspector');
  send(FRAME.ready, JSON.stringify({ inspector: inspector.url() }));
}

async function invoke(
  loaded: Handler,
  invocations: InvokeStore,
  head: InvocationHead,
  event: string,
): Promise<void> {
  process.env['_X_AMZN_TRACE_ID'] = head.trace;
  tellAhead(head.ahead);
  try {
    const parsed: unknown = JSON.parse(event);
    const context = contextOf(head);
    const run = loaded.streaming ? answerStream : answer;
    await invocations.run(storeContext(head.requestId, head.trace), () => run(loaded, parsed, context));
  } catch (error) {
    await turn();
    console.error('Invoke Error\t%s', logged(error));
    send(FRAME.failed, peakMemory(), JSON.stringify(reported(error)));
  }
}

async function answer(loaded: Handler, event: unknown, context: object): Promise<void> {
  const value = await loaded.call(event, context);
  await turn();
  const text = toJson(value);
  const size = text.length > ANSWER_LIMIT / 3 ? Buffer.byteLength(text) : 0;
  if (size > ANSWER_LIMIT) send(FRAME.tooLarge, peakMemory(), String(size));
  else send(FRAME.answer, peakMemory(), text);
}

async function answerStream(loaded: Handler, event: unknown, context: object): Promise<void> {
  const stream = new AnswerStream(loaded.call);
  const failed = new Promise<never>((_, reject) => stream.once('error', reject));
  const finished = new Promise<void>((done) => stream.once('finish', done));
  const run = loaded.call(event, stream, context);
  if (!(run instanceof Promise)) throw new Error('Streaming does not support non-async handlers.');
  await Promise.race([run, failed]);
  // A handler may end the stream and not wait for it, but not forget it.
  if (!stream.writableEnded) throw new Error('Response stream is not finished.');
  await Promise.race([finished, failed]);
  send(FRAME.streamed, peakMemory());
}

function contextOf(head: InvocationHead): object {
  return {
    clientContext: head.clientContext === undefined ? undefined : JSON.parse(head.clientContext),
    identity: undefined,
    invokedFunctionArn: head.arn,
    awsRequestId: head.requestId,
    tenantId: undefined,
    xRayTraceId: head.trace,
    getRemainingTimeInMillis: () => head.deadline - machineNow(),
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: process.env['AWS_LAMBDA_FUNCTION_VERSION'],
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
  };
}

function toJson(value: unknown): string {
  let text: string | undefined;
  let cause: unknown;
  try {
    text = JSON.stringify(value === undefined ? null : value) as string | undefined; // undefined of functions and symbols
  } catch (error) {
    cause = error;
  }
  if (text === undefined)
    throw runtimeError('JSONStringifyError', 'Unable to stringify response body', cause);
  return text;
}

function turn(): Promise<void> {
  return new Promise((done) => void setImmediate(done));
}
