import { httpHandler } from 'handlersmith/http';
import { openTelemetryTracer } from 'handlersmith/tracing/opentelemetry';

// The provider is registered by your SDK's set-up, or by a Lambda layer.
const tracer = openTelemetryTracer();

export const handler = httpHandler({ service: 'shop', tracer }, ({ tracer: ofRequest }) => ({
  price: ofRequest.span('price', () => 12.5),
}));
