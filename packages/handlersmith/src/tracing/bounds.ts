/**
 * What fits into a trace. An X-Ray segment travels in one UDP datagram: what is too large for it is lost as a whole.
 *
 * @module
 */
import { errorAsData } from '../observability/errors.ts';
import { boundedText, isError, loggable, read, startWalk } from '../observability/loggable.ts';
import { createRedactor } from '../observability/redaction.ts';

/** What may hang on one span, in bytes: a datagram takes 64 KB, and the rest of the span wants room too. */
const MAX_BYTES = 40_000;
/** How much is shown of a value that does not fit, in characters. */
const PREVIEW = 500;
/** Longest text that X-Ray indexes. */
const MAX_ANNOTATION = 1000;
const MAX_NAME = 200;
const MAX_STACK = 4000;

const redacts = createRedactor();

/** Room left on one span. */
export interface Room {
  bytes: number;
}

export const newRoom = (): Room => ({ bytes: MAX_BYTES });

/** Takes room for a value, if there is enough. */
function taken(room: Room, json: string): boolean {
  const bytes = Buffer.byteLength(json);
  if (bytes > room.bytes) return false;
  room.bytes -= bytes;
  return true;
}

/**
 * A value as data that fits: bounded, without secrets by key name, never throwing.
 *
 * @returns `undefined` where not even a preview fits
 */
export function fitting(value: unknown, room: Room): unknown {
  const data = loggable(value, startWalk(redacts, errorAsData)) ?? null;
  const json = JSON.stringify(data);
  if (taken(room, json)) return data;
  const preview = `${json.slice(0, PREVIEW)}… [${Buffer.byteLength(json)} bytes: too large for a trace]`;
  return taken(room, JSON.stringify(preview)) ? preview : undefined;
}

/** Whether a value must be masked because of its name. */
export const isSecret = (name: string): boolean => redacts(name);

/** A value traces can be searched by; `undefined` for what cannot be one. */
export function annotation(value: unknown, room: Room): string | number | boolean | undefined {
  const kept = typeof value === 'string' ? boundedText(value, MAX_ANNOTATION) : value;
  if (
    typeof kept === 'number' ? !Number.isFinite(kept) : typeof kept !== 'string' && typeof kept !== 'boolean'
  )
    return undefined;
  // the line above lets only these three types pass
  return taken(room, JSON.stringify(kept)) ? (kept as string | number | boolean) : undefined;
}

/** A key as X-Ray takes it: letters, digits and underscores. */
export const annotationKey = (key: string): string => boundedText(key, MAX_NAME).replace(/\W/g, '_');

/** A span's name as X-Ray takes it. */
export const spanName = (name: string): string =>
  name.slice(0, MAX_NAME).replace(/[^\p{L}\p{N}\s_.:/%&#=+\\\-@]/gu, '_') || 'span';

/** What a trace keeps of an error. */
export interface TraceError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * What a trace keeps of anything thrown.
 *
 * @returns `undefined` where it does not fit
 */
export function traceError(error: unknown, room: Room): TraceError | undefined {
  const kept = describe(error);
  return taken(room, JSON.stringify(kept)) ? kept : undefined;
}

function describe(error: unknown): TraceError {
  try {
    if (isError(error)) {
      return {
        name: text(read(error, 'name')) || 'Error',
        message: boundedText(text(read(error, 'message')), MAX_ANNOTATION),
        stack: text(read(error, 'stack')).slice(0, MAX_STACK),
      };
    }
    return { name: typeof error, message: boundedText(String(error), MAX_ANNOTATION), stack: '' };
  } catch {
    return { name: 'Error', message: '[unreadable]', stack: '' };
  }
}
