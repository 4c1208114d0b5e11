/**
 * `PutEvents` of EventBridge.
 *
 * @module
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
import { randomUUID } from 'node:crypto';

import type { ServiceAnswer, ServiceRequest } from '../service/listen.ts';
import { json, refusal, traceOf } from './answer.ts';

/** Entries of one call. */
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

export interface PutOptions {
  readonly region: string;
  readonly accountId: string;
  readonly now: () => number;
  readonly put: (event: PutEvent) => void;
}

type Fault = { readonly ErrorCode: string; readonly ErrorMessage: string };

/** Takes the entries that are well formed; the others are refused, each by itself. */
export function putEvents(options: PutOptions, request: ServiceRequest): ServiceAnswer {
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

function readEntry(entry: unknown, { region, accountId, now }: PutOptions): Omit<PutEvent, 'trace'> | Fault {
  const fields: Readonly<Record<string, unknown>> =
    typeof entry === 'object' && entry !== null ? (entry as Readonly<Record<string, unknown>>) : {}; // checked just now
  const { Source, DetailType, Detail, EventBusName, Resources, Time } = fields;
  if (typeof Source !== 'string' || Source === '') return missing('Source');
  if (typeof DetailType !== 'string' || DetailType === '') return missing('DetailType');
  if (typeof Detail !== 'string' || Detail === '') return missing('Detail');
  const detail = parsedObject(Detail);
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

function missing(name: string): Fault {
  return {
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  };
}

/** A JSON object, which is all that `Detail` takes. */
function parsedObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
