/**
 * The span an invocation continues, as OpenTelemetry's context.
 *
 * @module
 */
import { createTraceState, isSpanContextValid, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import type { Context, Link, SpanContext } from '@opentelemetry/api';

import type { TraceHeader } from '../observability/correlation.ts';

/** `version-trace id-parent id-flags`; later versions may add more. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Longest `tracestate` that is passed on, in characters. */
const MAX_STATE = 512;

/**
 * Reads the W3C headers.
 *
 * @returns `undefined` where `traceparent` is absent or not of the right form
 * @see https://www.w3.org/TR/trace-context/
 */
export function fromW3c(
  traceparent: string | undefined,
  tracestate: string | undefined,
): SpanContext | undefined {
  const [, version = '', traceId = '', spanId = '', flags = '', rest] =
    TRACEPARENT.exec(traceparent?.trim() ?? '') ?? [];
  if (version === '' || version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  const sampled = Number.parseInt(flags, 16) % 2 === 1; // the lowest bit
  const parent: SpanContext = {
    traceId,
    spanId,
    traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
    ...(tracestate !== undefined &&
      tracestate.length <= MAX_STATE && { traceState: createTraceState(tracestate) }),
  };
  return isSpanContextValid(parent) ? parent : undefined;
}

/** Reads the X-Ray header: the same ids, written differently. */
export function fromXray(header: TraceHeader | undefined): SpanContext | undefined {
  if (header?.parent === undefined) return undefined;
  const [, seconds = '', rest = ''] = header.root.toLowerCase().split('-');
  const parent: SpanContext = {
    traceId: seconds + rest,
    spanId: header.parent.toLowerCase(),
    traceFlags: header.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  };
  return isSpanContextValid(parent) ? parent : undefined;
}

/** Where an invocation's span hangs. */
export interface Parentage {
  readonly context: Context;
  readonly links: Link[];
}

/** The caller's own trace goes before Lambda's X-Ray trace, which is then linked. */
export function parentage(w3c: SpanContext | undefined, xray: SpanContext | undefined): Parentage {
  const parent = w3c ?? xray;
  const links = w3c !== undefined && xray !== undefined ? [{ context: xray }] : [];
  return { context: parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent), links };
}
