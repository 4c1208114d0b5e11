import { httpHandler } from 'handlersmith/http';
import { xrayTracer } from 'handlersmith/tracing';

export const handler = httpHandler({ service: 'shop', tracer: xrayTracer() }, async ({ tracer }) => {
  const price = await tracer.span('price', async (span) => {
    span.annotate('currency', 'EUR'); // to search by
    span.metadata('source', { list: 'summer' }); // to look at
    return 12.5;
  });
  return { price };
});
