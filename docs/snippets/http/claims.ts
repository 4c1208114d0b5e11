import { forbidden, httpRouter, route } from 'handlersmith/http';
import * as z from 'zod';

const Claims = z.object({ sub: z.string(), 'custom:tenant': z.string() });

export const handler = httpRouter(
  {},
  {
    'GET /mine': route({ claims: Claims }, ({ claims }) => ({
      user: claims.sub,
      tenant: claims['custom:tenant'],
    })),
    'GET /scopes': route(({ identity }) =>
      identity.kind === 'jwt' ? { scopes: identity.scopes } : forbidden('A token is needed'),
    ),
  },
);
