/**
 * CORS configured on the gateway itself: it answers preflights, and its headers replace those of the function.
 *
 * @module
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
 */
import type { GatewayCors } from '../template/app.ts';
import type { GatewayAnswer } from './answer.ts';
import { header } from './request.ts';
import type { GatewayRequest, Pairs } from './request.ts';

export interface CorsOfGateway {
  /** The answer to a preflight, which no function sees; `undefined` for every other request. */
  preflight(request: GatewayRequest): GatewayAnswer | undefined;
  /** The headers of an answer with the gateway's CORS headers instead of the function's. */
  apply(request: GatewayRequest, headers: Pairs): Pairs;
}

/** @param answers - whether it concerns answers of functions too; a REST API knows preflights alone */
export function corsOf(cors: GatewayCors | undefined, answers: boolean): CorsOfGateway {
  if (cors === undefined) return { preflight: () => undefined, apply: (_, headers) => headers };

  const allowed = (request: GatewayRequest): Pairs => {
    const origin = header(request.headers, 'origin');
    if (origin === undefined || !cors.origins.some((one) => isMatch(one, origin))) return [];
    const any = cors.origins.includes('*') && !cors.credentials;
    return [
      ['access-control-allow-origin', any ? '*' : origin],
      ...(any ? [] : ([['vary', 'Origin']] as const)),
      ...(cors.credentials ? ([['access-control-allow-credentials', 'true']] as const) : []),
    ];
  };
  const exposed: Pairs =
    cors.exposeHeaders.length === 0 ? [] : [['access-control-expose-headers', cors.exposeHeaders.join(',')]];

  return {
    preflight(request) {
      const isPreflight =
        request.method === 'OPTIONS' &&
        header(request.headers, 'origin') !== undefined &&
        header(request.headers, 'access-control-request-method') !== undefined;
      if (!isPreflight) return undefined;
      const origin = allowed(request);
      const headers: Pairs =
        origin.length === 0
          ? []
          : [
              ...origin,
              ['access-control-allow-methods', cors.methods.join(',')],
              ['access-control-allow-headers', cors.headers.join(',')],
              ...(cors.maxAge === undefined
                ? []
                : ([['access-control-max-age', String(cors.maxAge)]] as const)),
            ];
      return { status: 204, headers, body: Buffer.alloc(0) };
    },
    apply(request, headers) {
      if (!answers) return headers;
      const others = headers.filter(([name]) => !name.startsWith('access-control-'));
      const origin = allowed(request);
      return origin.length === 0 ? others : [...others, ...origin, ...exposed];
    },
  };
}

/** An origin may hold one star: `https://*.example.com`. */
function isMatch(pattern: string, origin: string): boolean {
  const [start = '', end] = pattern.split('*');
  if (end === undefined) return pattern === origin;
  return origin.length >= start.length + end.length && origin.startsWith(start) && origin.endsWith(end);
}
