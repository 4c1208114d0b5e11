/**
 * Where a handler's log lines go.
 *
 * @module
 */
import type { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';

import type { Logger, LoggerBase } from '../observability/logger.ts';
import { hasMethod } from './object.ts';

/** Gives the base of a handler's loggers: a promise only until the default logger has loaded. */
export type Logging = () => LoggerBase | Promise<LoggerBase>;

const nothing = (): void => {};
const silent: Logger = Object.freeze({
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  critical: nothing,
  appendKeys: nothing,
  removeKeys: nothing,
  child: () => silent,
  isEnabled: () => false,
});
const silentBase: LoggerBase = Object.freeze({ bind: () => silent });

/**
 * Chooses the logger of a handler. The default one starts to load when the handler is built, so that Lambda's
 * init phase pays for it and not the first request; a handler with a logger of its own, or none, never loads it.
 *
 * @param logger - the team's own Powertools Logger, or `false` for none
 * @param service - the service's name on each line
 */
export function loggingOf(
  logger: PowertoolsLogger | false | undefined,
  service: string | undefined,
): Logging {
  if (logger === false) return () => silentBase;
  if (isLoggerBase(logger)) return () => logger;
  let loaded: LoggerBase | undefined;
  const loading = load(logger, service).then((base) => {
    loaded = base;
    return base;
  });
  loading.catch(() => {}); // told by the first invocation, which awaits the same promise
  return () => loaded ?? loading;
}

/** Both ways are loaded only by those who go them: a handler pays for no logger but its own. */
async function load(logger: PowertoolsLogger | undefined, service: string | undefined): Promise<LoggerBase> {
  if (logger !== undefined) return (await import('../observability/logger.ts')).adaptLogger(logger);
  const { createLogger, loggerBase } = await import('../observability/powertools.ts');
  return loggerBase(createLogger(service === undefined ? {} : { service }));
}

/** Tells a logger that `createLogger` of `handlersmith/logging` made: it knows how to be bound. */
function isLoggerBase(logger: PowertoolsLogger | undefined): logger is PowertoolsLogger & LoggerBase {
  return hasMethod(logger, 'bind');
}
