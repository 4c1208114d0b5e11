/**
 * What happens to a request before its route runs: routing, preflight, health, size, resources.
 *
 * @module
 */
import type { Resources } from '../handler/resources.ts';
import { andThen, isThenable } from '../handler/thenable.ts';
import { HttpAnswer } from './answer.ts';
import { exceeds } from './body.ts';
import type { Cors } from './cors.ts';
import type { HttpExchange } from './exchange.ts';
import { Refusal } from './fault.ts';
import { refuseLate } from './late.ts';
import type { Find } from './match.ts';
import type { HealthOptions } from './options.ts';
import type { CompiledRoute } from './route.ts';

/** What the entry of a handler needs to know. */
export interface EntrySettings {
  readonly find: Find<CompiledRoute>;
  readonly cors: Cors | undefined;
  readonly health: HealthOptions | undefined;
  readonly basePath: string | undefined;
  readonly resources: Resources<unknown> | undefined;
  /** The route's own work, within the team's middlewares. */
  readonly serve: (exchange: HttpExchange) => unknown;
}

/** Makes the entry of a handler: everything behind it is raced against the deadline. */
export function entryOf(settings: EntrySettings): (exchange: HttpExchange) => unknown {
  return (exchange) => {
    const outcome = enter(exchange, settings);
    return isThenable(outcome) ? exchange.deadline.race(Promise.resolve(outcome)) : outcome;
  };
}

function enter(exchange: HttpExchange, settings: EntrySettings): unknown {
  if (settings.basePath !== undefined)
    exchange.pathname = withoutPrefix(exchange.pathname, settings.basePath);
  const { method, pathname } = exchange;
  if (pathname === settings.health?.path && (method === 'GET' || method === 'HEAD'))
    return checkHealth(settings.health);

  const match = settings.find(method, pathname, exchange.gateway.pathDecoded);
  const asked = method === 'OPTIONS' ? exchange.header('access-control-request-method') : undefined;
  if (asked !== undefined && settings.cors !== undefined) {
    const allow = match.kind === 'wrongMethod' ? match.allow : [asked];
    const headers = settings.cors.preflight(
      exchange.header('origin'),
      allow,
      exchange.header('access-control-request-headers'),
    );
    return new HttpAnswer(204, undefined, { headers });
  }
  if (match.kind === 'unknown') {
    if (exchange.isHealthCheck) return new HttpAnswer(200, { status: 'ok' });
    return new Refusal(404, 'There is nothing at this path');
  }
  if (match.kind === 'wrongMethod') {
    const headers = { allow: match.allow.join(', ') };
    if (method === 'OPTIONS') return new HttpAnswer(204, undefined, { headers });
    return new Refusal(405, `This path knows ${headers.allow}`, { headers });
  }
  exchange.matched = match.target;
  exchange.parameters = match.parameters;
  if (exceeds(exchange.carried, match.target.bodyLimit)) {
    return new Refusal(413, `The body may have ${match.target.bodyLimit} bytes`);
  }
  if (settings.resources === undefined) return settings.serve(exchange);

  return andThen(settings.resources(), (made) => {
    refuseLate(exchange);
    exchange.resources = made;
    return settings.serve(exchange);
  });
}

function withoutPrefix(path: string, prefix: string): string {
  if (path === prefix) return '/';
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
}

async function checkHealth(health: HealthOptions): Promise<HttpAnswer | Refusal> {
  try {
    await health.check?.();
    return new HttpAnswer(200, { status: 'ok' }, { headers: { 'cache-control': 'no-store' } });
  } catch (error) {
    return new Refusal(503, 'The health check failed', { error });
  }
}
