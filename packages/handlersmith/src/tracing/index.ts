/**
 * Traces for AWS X-Ray: `handlersmith/tracing`.
 *
 * @module
 */
export { noTracer } from '../observability/tracer.ts';
export type { InvocationInfo, InvocationTracer, Span, Tracer } from '../observability/tracer.ts';
export { xrayTracer } from './xray.ts';
export type { XrayTracerOptions } from './xray.ts';
