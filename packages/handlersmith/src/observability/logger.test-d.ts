import { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';
import { expectTypeOf, test } from 'vitest';

import { adaptLogger } from './logger.ts';
import type { Logger, LoggerBase } from './logger.ts';
import { createLogger, loggerBase } from './powertools.ts';

test('a logger of ours is a Powertools Logger and a base', () => {
  const logger = createLogger({ level: 'debug' });
  expectTypeOf(logger).toExtend<PowertoolsLogger>();
  expectTypeOf(logger).toExtend<LoggerBase>();
  expectTypeOf(loggerBase(new PowertoolsLogger())).toEqualTypeOf<LoggerBase>();
  expectTypeOf(adaptLogger(new PowertoolsLogger()).bind(undefined, {})).toEqualTypeOf<Logger>();
});

test('wrong input does not compile', () => {
  expectTypeOf(createLogger).returns.toExtend<PowertoolsLogger>();
  // @ts-expect-error no such level
  createLogger({ level: 'loud' });
  // @ts-expect-error no such option
  createLogger({ serviceName: 'shop' });
  const logger = createLogger().bind(undefined, {});
  // @ts-expect-error a number is no message
  logger.info(42);
  // @ts-expect-error fields need a message
  logger.info({ a: 1 });
  logger.info('m', { a: 1 }, new Error('x'), 'text', undefined);
});
