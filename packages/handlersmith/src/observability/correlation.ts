/**
 * Ids that tie lines and traces of one request together, read with suspicion: they come from outside.
 *
 * @module
 */

/** Longest correlation id that is taken from a request, in characters. */
const MAX_LENGTH = 128;

/** Visible ASCII only: no spaces, no control characters, nothing a log viewer or a terminal could act on. */
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

/** What the Node runtime of Lambda offers where invocations overlap in one process. */
interface InvokeStoreHost {
  awslambda?: { InvokeStore?: { getXRayTraceId?: () => string | undefined } };
}

/**
 * Accepts a correlation id a caller sent, or refuses it.
 *
 * @param value - a header or message attribute, of any type
 * @returns the id when it is 1 to 128 visible ASCII characters, else `undefined`
 * @example
 * correlationId('order-42'); // 'order-42'
 * correlationId('a\nb'); // undefined
 */
export function correlationId(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return undefined;
  return VISIBLE_ASCII.test(value) ? value : undefined;
}

/** One X-Ray trace header, taken apart. */
export interface TraceHeader {
  /** `1-5759e988-bd862e3fe1be46a994272793` */
  readonly root: string;
  /** Id of the span that called us: 16 hexadecimal digits. */
  readonly parent: string | undefined;
  /** Whether the trace is recorded. Absent or unknown counts as no. */
  readonly sampled: boolean;
}

const TRACE_ID = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/i;
const TRACE_ID_LENGTH = 35;
const ROOT = /(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})\s*(?:;|$)/i;
const PARENT = /(?:^|;)\s*Parent=([0-9a-f]{16})\s*(?:;|$)/i;
const SAMPLED = /(?:^|;)\s*Sampled=1\s*(?:;|$)/i;

/**
 * The trace id in an X-Ray trace header.
 *
 * @param header - `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=…;Sampled=1`, or anything else
 * @returns the value of `Root`, or `undefined` where there is none of the right form
 * @example
 * traceRoot('Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1'); // '1-5759e988-bd862e3fe1be46a994272793'
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function traceRoot(header: unknown): string | undefined {
  if (typeof header !== 'string') return undefined;
  // Lambda writes the trace id first; looking there costs a third of searching
  const first = header.startsWith('Root=') ? header.slice(5, 5 + TRACE_ID_LENGTH) : '';
  if (TRACE_ID.test(first) && (header[5 + TRACE_ID_LENGTH] ?? ';') === ';') return first;
  return ROOT.exec(header)?.[1];
}

/**
 * Takes an X-Ray trace header apart.
 *
 * @param header - the header's text, or anything else
 * @returns its parts, or `undefined` where it holds no trace id
 * @example
 * parseTraceHeader('Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1')?.sampled; // true
 */
export function parseTraceHeader(header: unknown): TraceHeader | undefined {
  const root = traceRoot(header);
  if (root === undefined || typeof header !== 'string') return undefined;
  return { root, parent: PARENT.exec(header)?.[1], sampled: SAMPLED.test(header) };
}

/**
 * The trace header Lambda set for the invocation that is running.
 *
 * Where invocations overlap in one process, the runtime keeps it per invocation and the environment variable means nothing.
 */
export function currentTraceHeader(): string | undefined {
  // the runtime adds this global; it has no types
  const store = (globalThis as InvokeStoreHost).awslambda?.InvokeStore;
  return store?.getXRayTraceId?.() ?? process.env['_X_AMZN_TRACE_ID'];
}
