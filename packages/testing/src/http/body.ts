/**
 * The body of a request: its bytes, and how an event holds them.
 *
 * @module
 */
import { toJson } from '../json.ts';
import { headerValues, type Pairs } from './pairs.ts';
import type { HttpSource } from './source.ts';

/** A body that is there: at least one byte. */
export interface WireBody {
  readonly bytes: Uint8Array;
  /** Whether the test gave bytes, which need not be text. */
  readonly binary: boolean;
  /** Whether the test gave a value that was written as JSON. */
  readonly json: boolean;
}

/** What an event says about the body. */
export interface EventBody {
  readonly body: string | undefined;
  readonly isBase64Encoded: boolean;
}

/**
 * The bytes that go over the wire, or `undefined` if there are none: an empty body and no body look the same there.
 *
 * @throws TypeError for what JSON cannot hold
 */
export function wireBody(body: unknown): WireBody | undefined {
  if (body === undefined) return undefined;
  if (body instanceof Uint8Array) return nonEmpty({ bytes: body, binary: true, json: false });
  if (typeof body === 'string') {
    return nonEmpty({ bytes: new TextEncoder().encode(body), binary: false, json: false });
  }
  const json = toJson(body);
  if (json === undefined)
    throw new TypeError(`A ${typeof body} cannot be sent as a body: JSON has no form for it.`);
  return { bytes: new TextEncoder().encode(json), binary: false, json: true };
}

/** What of a request decides the form of its body in the event. */
export interface BodyAndHeaders {
  readonly body: WireBody | undefined;
  readonly headers: Pairs;
  /** What the test decided; `undefined` leaves it to the source. */
  readonly base64: boolean | undefined;
}

/** The body as the source puts it into the event. */
export function eventBody(source: HttpSource, { body, headers, base64 }: BodyAndHeaders): EventBody {
  if (body === undefined) return { body: undefined, isBase64Encoded: false };
  const isBase64Encoded = base64 ?? (body.binary || !arrivesAsText(source, headers));
  return { body: Buffer.from(body.bytes).toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
}

function nonEmpty(body: WireBody): WireBody | undefined {
  return body.bytes.length > 0 ? body : undefined;
}

function arrivesAsText(source: HttpSource, headers: Pairs): boolean {
  // A REST API makes base64 of the types in its `binaryMediaTypes` only, and that list is empty at first.
  if (source === 'rest') return true;
  if (headerValues(headers, 'content-encoding').length > 0) return false;
  const contentType = headerValues(headers, 'content-type').at(-1);
  if (contentType === undefined) return true;
  const type = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (/^text\/|^application\/(?:json|javascript|xml)$/.test(type)) return true;
  // The load balancer's list ends here by its documentation. HTML forms come as base64 everywhere.
  return source !== 'alb' && source !== 'albMulti' && /\+(?:json|xml)$/.test(type);
}
