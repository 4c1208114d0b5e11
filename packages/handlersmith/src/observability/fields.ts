/**
 * What stands on a line beside its message: which names there are, who wins where two say the same name.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import { isError, read } from './loggable.ts';

/** Names that belong to the line itself. A field of such a name is kept as `extra_<name>`. */
const RESERVED: ReadonlySet<string> = new Set(['level', 'message', 'timestamp', 'service', 'sampling_rate']);

/** Names the Lambda context fills, as the Powertools Logger calls them. A field of such a name replaces them. */
const CONTEXT_NAMES: readonly string[] = [
  'cold_start',
  'function_arn',
  'function_memory_size',
  'function_name',
  'function_request_id',
  'xray_trace_id',
  'tenant_id',
];

const STANDARD: ReadonlySet<string> = new Set([...RESERVED, ...CONTEXT_NAMES]);

/** Whether a field of this name meets one the line has anyway. */
export const isStandard = (name: string): boolean => STANDARD.has(name);

/** What a line tells of its invocation, in the names of the Powertools Logger. */
export interface ContextFields {
  readonly cold_start: boolean;
  readonly function_arn: string | undefined;
  readonly function_memory_size: string | undefined;
  readonly function_name: string | undefined;
  readonly function_request_id: string | undefined;
  readonly tenant_id: string | undefined;
  readonly xray_trace_id?: string | undefined;
}

/** The fields of the Lambda context. */
export function contextFields(context: Partial<Context> | undefined, coldStart: boolean): ContextFields {
  return {
    cold_start: coldStart,
    function_arn: context?.invokedFunctionArn,
    function_memory_size: context?.memoryLimitInMB,
    function_name: context?.functionName,
    function_request_id: context?.awsRequestId,
    tenant_id: context?.tenantId,
  };
}

/** Fields by name; of two with the same name the later one stays. */
export type Gathered = Map<string, unknown>;

function set(gathered: Gathered, name: string, value: unknown): void {
  const key = RESERVED.has(name) ? `extra_${name}` : name;
  // a later field takes the place of an earlier one, not its position
  gathered.delete(key);
  gathered.set(key, value);
}

/** Adds the fields of a record, however hostile. */
export function gatherRecord(gathered: Gathered, record: object): void {
  let names: string[];
  try {
    names = Object.keys(record);
  } catch {
    set(gathered, 'extra', record);
    return;
  }
  for (const name of names) set(gathered, name, read(record, name));
}

/** Adds what followed the message: errors as `error`, records by their fields, all else as `extra`. */
export function gatherExtras(gathered: Gathered, extras: readonly unknown[]): void {
  for (const extra of extras) {
    if (extra === undefined || extra === null) continue;
    if (typeof extra !== 'object') set(gathered, 'extra', extra);
    else if (isSafely(isError, extra)) set(gathered, 'error', extra);
    else if (isSafely(Array.isArray, extra)) set(gathered, 'extra', extra);
    else gatherRecord(gathered, extra);
  }
}

/** Splits a message from the fields that came with it in one record. */
export function gatherMessage(gathered: Gathered, message: unknown): string {
  if (typeof message === 'string') return message;
  if (typeof message !== 'object' || message === null) return String(message);
  if (isSafely(isError, message)) {
    set(gathered, 'error', message);
    const text = read(message, 'message');
    return typeof text === 'string' ? text : '';
  }
  const own: Gathered = new Map();
  gatherRecord(own, message);
  const text = own.get('extra_message');
  own.delete('extra_message');
  for (const [name, value] of own) set(gathered, name, value);
  return typeof text === 'string' ? text : text === undefined ? '' : safeText(text);
}

/** A question about an object that may be a revoked proxy, which throws at every question. */
function isSafely(question: (value: unknown) => boolean, value: object): boolean {
  try {
    return question(value);
  } catch {
    return false;
  }
}

function safeText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return '[unreadable]';
  }
}
