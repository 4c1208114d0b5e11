import type { Context } from 'aws-lambda';
import { httpHandler, type MiddlewareRequest, forbidden } from 'handlersmith/http';

const tenants = {
  before: ({ event, context }: MiddlewareRequest<Context & { tenant: string }>) => {
    // As an HTTP API sends it, names in lower case: middlewares see the event of their source.
    const { headers } = event as { headers: Record<string, string | undefined> };
    const tenant = headers['x-tenant'];
    if (tenant === undefined) return forbidden('Which tenant?'); // an answer ends the request here
    context.tenant = tenant;
    return undefined;
  },
};

export const handler = httpHandler({ use: [tenants] }, ({ context }) => ({ tenant: context.tenant }));
