/**
 * The API behind the page and the command line.
 *
 * @module
 */
import { isRecord } from '../mapping/answer.ts';
import type { LocalApp } from '../runner/index.ts';
import {
  fireSchedule,
  invokeFunction,
  moveClock,
  publish,
  putObject,
  redrive,
  replay,
  sendMessage,
  sendRequest,
} from './act.ts';
import { briefEntry } from './brief.ts';
import { NotThere, Wrong } from './errors.ts';
import { bucketObjects, counts, describeApp, mailHtml, objectBytes, tableItems } from './look.ts';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: Buffer;
}

/** JSON to send, or bytes as they are. */
export type ApiAnswer = object | { readonly bytes: Buffer; readonly contentType: string };

type Route = (local: LocalApp, part: string, request: ApiRequest) => ApiAnswer | Promise<ApiAnswer>;

/** `{}` stands for one part of the path, decoded. */
const ROUTES: Readonly<Record<string, Route>> = {
  'GET /api/app': (local) => describeApp(local),
  'GET /api/counts': (local) => counts(local),
  'GET /api/journal': ({ journal }, _, { query }) => ({
    entries: query.has('brief') ? journal.entries().map(briefEntry) : journal.entries(),
    notes: journal.notes(),
  }),
  'GET /api/journal/{}': ({ journal }, requestId) => {
    const entry = journal.entry(requestId);
    if (entry === undefined) throw new NotThere(`There is no invocation ${requestId}`);
    return entry;
  },
  'GET /api/mails': ({ aws }) => ({ mails: aws.ses.mails() }),
  'GET /api/mails/{}/html': (local, messageId) => ({
    bytes: Buffer.from(mailHtml(local, messageId)),
    contentType: 'text/html; charset=utf-8',
  }),
  'GET /api/tables/{}': (local, table, { query }) =>
    tableItems(local, table, parsed(query.get('start') ?? 'null')),
  'GET /api/buckets/{}': (local, bucket, { query }) =>
    bucketObjects(local, bucket, query.get('prefix') ?? ''),
  'GET /api/buckets/{}/object': async (local, bucket, { query }) => {
    const { contentType, body } = await objectBytes(local, bucket, query.get('key') ?? '');
    return { bytes: body, contentType };
  },
  'GET /api/queues/{}': ({ aws }, name) => {
    const queue = aws.sqs.queue(name);
    if (queue === undefined) throw new NotThere(`There is no queue ${name}`);
    return { counts: queue.counts, attributes: queue.attributes, messages: queue.messages(100) };
  },
  'POST /api/request': (local, _, request) => sendRequest(local, inputOf(request)),
  'POST /api/buckets/{}/object': (local, bucket, { query, body, contentType }) =>
    putObject(local, bucket, query.get('key') ?? '', body, contentType),
  'POST /api/queues/{}/messages': (local, name, request) => sendMessage(local, name, inputOf(request)),
  'POST /api/topics/{}/messages': (local, name, request) => publish(local, name, inputOf(request)),
  'POST /api/queues/{}/redrive': (local, name) => redrive(local, name),
  'POST /api/schedules/{}/fire': (local, id, request) => fireSchedule(local, id, inputOf(request)),
  'POST /api/functions/{}/invoke': (local, name, request) => invokeFunction(local, name, inputOf(request)),
  'POST /api/journal/{}/replay': (local, requestId) => replay(local, requestId),
  'POST /api/clock': (local, _, request) => moveClock(local, inputOf(request)),
};

/**
 * Answers a request.
 *
 * @throws NotThere where there is no such route or thing, Wrong where it makes no sense
 */
export async function answerApi(local: LocalApp, request: ApiRequest): Promise<ApiAnswer> {
  for (const [pattern, route] of Object.entries(ROUTES)) {
    const [method, path = ''] = pattern.split(' ');
    if (method !== request.method) continue;
    const [, part = ''] = new RegExp(`^${path.replace('{}', '([^/]+)')}$`, 'u').exec(request.path) ?? [
      undefined,
      undefined,
    ];
    if (request.path === path || part !== '') return route(local, decoded(part), request);
  }
  throw new NotThere(`There is no ${request.method} ${request.path}`);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Wrong(`${part} is no valid part of an address`);
  }
}

function inputOf({ body }: ApiRequest): Readonly<Record<string, unknown>> {
  const input = parsed(body.length === 0 ? '{}' : body.toString());
  if (!isRecord(input)) throw new Wrong('The body is no JSON object');
  return input;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Wrong('This is no JSON');
  }
}
