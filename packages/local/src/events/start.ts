/**
 * The APIs by which code asks for invocations: `PutEvents` of EventBridge and `Invoke` of Lambda.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';

import type { FunctionResult } from '../function/function.ts';
import { listen } from '../service/listen.ts';
import type { ServiceAnswer, ServiceRequest } from '../service/listen.ts';

/** Bytes of a request: an asynchronous event ends at 1 MB, a synchronous one at 6 MB. */
const LARGEST_REQUEST = 8 * 1024 * 1024;

/** Entries of one PutEvents. */
const ENTRIES = 10;

/** An event as it was put, with what EventBridge adds. */
export interface PutEvent {
  readonly bus: string;
  readonly event: {
    readonly version: '0';
    readonly id: string;
    readonly 'detail-type': string;
    readonly source: string;
    readonly account: string;
    readonly time: string;
    readonly region: string;
    readonly resources: readonly string[];
    readonly detail: unknown;
  };
  readonly trace: string | undefined;
}

/** An Invoke of a function by its name or ARN. */
export interface InvokeRequest {
  readonly name: string;
  readonly type: 'RequestResponse' | 'Event' | 'DryRun';
  readonly payload: unknown;
  readonly trace: string | undefined;
}

export interface StartEventsOptions {
  readonly port?: number;
  readonly region: string;
  readonly accountId: string;
  readonly now: () => number;
  readonly put: (event: PutEvent) => void;
  /** Gives undefined where there is no such function; an asynchronous one answers at once. */
  readonly invoke: (request: InvokeRequest) => Promise<FunctionResult | 'accepted' | undefined>;
}

export interface LocalEvents {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Starts both APIs on one port of loopback. */
export async function startEvents(options: StartEventsOptions): Promise<LocalEvents> {
  const answer = async (request: ServiceRequest): Promise<ServiceAnswer> => {
    // A page in a browser cannot send this header to us without being asked for leave.
    if (request.headers.authorization === undefined)
      return refusal(403, 'MissingAuthenticationToken', 'Missing token');
    try {
      const target = request.headers['x-amz-target'];
      if (target === 'AWSEvents.PutEvents') return putEvents(options, request);
      const [, name] = /^\/2015-03-31\/functions\/([^/?]+)\/invocations/u.exec(request.url) ?? [];
      if (request.method === 'POST' && name !== undefined)
        return await invokeFunction(options, decodeURIComponent(name), request);
      const what = typeof target === 'string' ? target : `${request.method} ${request.url}`;
      return refusal(501, 'NotImplemented', `EventBridge and Lambda on this machine do not know ${what}.`);
    } catch (error) {
      return refusal(400, 'ValidationException', error instanceof Error ? error.message : String(error));
    }
  };
  return listen({ name: 'startEvents', port: options.port, limit: LARGEST_REQUEST, answer });
}

function putEvents(options: StartEventsOptions, request: ServiceRequest): ServiceAnswer {
  const { Entries: entries } = JSON.parse(request.body.toString()) as { Entries?: unknown };
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > ENTRIES)
    return refusal(400, 'ValidationException', `Entries holds 1 to ${ENTRIES} entries.`);
  const trace = traceOf(request);
  const results = entries.map((entry: unknown) => {
    const read = readEntry(entry, options);
    if ('ErrorCode' in read) return read;
    options.put({ ...read, trace });
    return { EventId: read.event.id };
  });
  const failed = results.filter((result) => 'ErrorCode' in result).length;
  return json(200, { FailedEntryCount: failed, Entries: results });
}

function readEntry(
  entry: unknown,
  { region, accountId, now }: StartEventsOptions,
): Omit<PutEvent, 'trace'> | { readonly ErrorCode: string; readonly ErrorMessage: string } {
  const fields: Readonly<Record<string, unknown>> =
    typeof entry === 'object' && entry !== null ? (entry as Readonly<Record<string, unknown>>) : {}; // checked just now
  const { Source, DetailType, Detail, EventBusName, Resources, Time } = fields;
  if (typeof Source !== 'string' || Source === '') return missing('Source');
  if (typeof DetailType !== 'string' || DetailType === '') return missing('DetailType');
  const detail = typeof Detail === 'string' ? parsedObject(Detail) : undefined;
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const time = typeof Time === 'number' ? Time * 1000 : now();
  return {
    bus: typeof EventBusName === 'string' ? EventBusName.replace(/^.*:event-bus\//u, '') : 'default',
    event: {
      version: '0',
      id: randomUUID(),
      'detail-type': DetailType,
      source: Source,
      account: accountId,
      time: new Date(time).toISOString().replace(/\.\d+Z$/u, 'Z'),
      region,
      resources: Array.isArray(Resources) ? Resources.map(String) : [],
      detail,
    },
  };
}

function missing(name: string): { readonly ErrorCode: string; readonly ErrorMessage: string } {
  return {
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${name} is not valid. Reason: it is a required argument.`,
  };
}

async function invokeFunction(
  options: StartEventsOptions,
  name: string,
  request: ServiceRequest,
): Promise<ServiceAnswer> {
  const given = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  const type = given === 'Event' || given === 'DryRun' ? given : 'RequestResponse';
  const text = request.body.toString();
  const payload: unknown = text === '' ? {} : JSON.parse(text);
  const result = await options.invoke({ name, type, payload, trace: traceOf(request) });
  if (result === undefined) return refusal(404, 'ResourceNotFoundException', `Function not found: ${name}`);
  if (result === 'accepted') return { status: type === 'Event' ? 202 : 204, headers: {}, body: '' };
  if (!result.ok && result.reason === 'throttled')
    return refusal(429, 'TooManyRequestsException', 'Rate Exceeded.');
  const body = result.ok ? payloadText(result.payload) : JSON.stringify(result.error);
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-amz-executed-version': '$LATEST',
      ...(!result.ok && { 'x-amz-function-error': 'Unhandled' }),
    },
    body,
  };
}

function payloadText(payload: string | Uint8Array): string {
  return typeof payload === 'string' ? payload : Buffer.from(payload).toString('utf8');
}

function traceOf(request: ServiceRequest): string | undefined {
  const trace = request.headers['x-amzn-trace-id'];
  return typeof trace === 'string' ? trace : undefined;
}

function parsedObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function json(status: number, body: object): ServiceAnswer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) };
}

function refusal(status: number, code: string, message: string): ServiceAnswer {
  const answer = json(status, { __type: code, message });
  return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': code } };
}
