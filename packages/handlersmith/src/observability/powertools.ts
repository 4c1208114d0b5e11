/**
 * The logger teams make themselves: a Powertools Logger whose lines are safe, and fast where they are bound to an invocation.
 *
 * @module
 */
import { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';
import type { LogItem } from '@aws-lambda-powertools/logger';
import type {
  ConstructorOptions,
  LogItemExtraInput,
  LogItemMessage,
} from '@aws-lambda-powertools/logger/types';
import type { Context } from 'aws-lambda';

import { isColdStart } from './coldstart.ts';
import { currentTraceHeader, traceRoot } from './correlation.ts';
import { errorAsData } from './errors.ts';
import { gatherExtras, gatherMessage, gatherRecord } from './fields.ts';
import type { Gathered } from './fields.ts';
import { THRESHOLDS } from './level.ts';
import { LineWriter } from './line.ts';
import { loggableEntry, put, startWalk } from './loggable.ts';
import type { LogFields, Logger, LoggerBase, LogLevel } from './logger.ts';
import { resolveSettings } from './settings.ts';
import type { LoggerOptions } from './settings.ts';

export { adaptLogger as loggerBase } from './logger.ts';
export type { LoggerOptions } from './settings.ts';

/** The numbers of the levels, the other way round. */
const NAMES = new Map(Object.entries(THRESHOLDS).map(([name, number]) => [number, name as LogLevel]));

type PersistentKeys = Parameters<PowertoolsLogger['appendPersistentKeys']>[0];

/**
 * A Powertools Logger in every respect, made by {@link createLogger}. Handlers bind it once per invocation; used directly, as
 * at start-up, it takes the same input and writes the same safe lines.
 */
export class HandlersmithLogger extends PowertoolsLogger implements LoggerBase {
  readonly #writer: LineWriter;
  readonly #options: LoggerOptions;
  #coldStart = false;
  /** Nobody has put a context or keys on this instance: its lines need nothing that Powertools keeps. */
  #plain = true;

  constructor(options: LoggerOptions = {}) {
    const settings = resolveSettings(options);
    // sampling is ours, per invocation: Powertools' own would decide once for the environment
    super({ serviceName: settings.service, logLevel: settings.level, sampleRateValue: 0 });
    this.#options = options;
    this.#writer = new LineWriter(settings);
    this.appendPersistentKeys(settings.persistentKeys);
  }

  /** The logger of one invocation: its fields, and nothing of any other. */
  bind(context: Partial<Context> | undefined, fields: LogFields): Logger {
    return this.#writer.bind(context, fields);
  }

  override appendPersistentKeys(attributes: PersistentKeys): void {
    super.appendPersistentKeys(attributes);
    this.#takePersistent();
  }

  override removePersistentKeys(keys: string[]): void {
    super.removePersistentKeys(keys);
    this.#takePersistent();
  }

  override setPersistentLogAttributes(attributes: PersistentKeys): void {
    super.setPersistentLogAttributes(attributes);
    this.#takePersistent();
  }

  /** Changes the level of this logger and of all invocations bound from now on. In any case of letters. */
  override setLogLevel(level: Parameters<PowertoolsLogger['setLogLevel']>[0]): void {
    // a level in upper case is a level
    super.setLogLevel(level.toUpperCase() as LogLevel);
    this.#writer.threshold = this.level;
  }

  override addContext(context: Parameters<PowertoolsLogger['addContext']>[0]): void {
    this.#plain = false;
    // what a parent hands to its child carries the answer; a child must not find out anew
    this.#coldStart = 'coldStart' in context ? context.coldStart : isColdStart(context);
    super.addContext(context);
  }

  override appendKeys(attributes: Parameters<PowertoolsLogger['appendKeys']>[0]): void {
    this.#plain = false;
    super.appendKeys(attributes);
  }

  protected override getColdStart(): boolean {
    return this.#coldStart;
  }

  protected override createLogger(options: ConstructorOptions = {}): HandlersmithLogger {
    return new HandlersmithLogger({
      ...this.#options,
      service: options.serviceName,
      level: options.logLevel,
      persistentKeys: options.persistentKeys ?? options.persistentLogAttributes ?? {},
    });
  }

  protected override processLogItem(
    level: number,
    input: LogItemMessage,
    extraInput: LogItemExtraInput,
  ): void {
    if (level < this.level) return;
    const name = NAMES.get(level) ?? 'INFO';
    try {
      const gathered: Gathered = new Map();
      if (this.#plain) {
        gathered.set('xray_trace_id', traceRoot(currentTraceHeader()));
        gatherRecord(gathered, this.#writer.persistent);
      }
      const message = gatherMessage(gathered, input);
      gatherExtras(gathered, extraInput);
      if (this.#plain) this.#writer.write(name, this.#writer.compact(name, message, gathered));
      else super.processLogItem(level, message, [this.#safe(gathered)]);
    } catch (error) {
      this.#writer.fail(name, error);
    }
  }

  protected override printLog(level: number, item: LogItem): void {
    item.prepareForPrint();
    const record = this.#safe(new Map(Object.entries(item.getAttributes())));
    this.#writer.write(NAMES.get(level) ?? 'INFO', JSON.stringify(record));
  }

  #takePersistent(): void {
    this.#writer.persistent = { ...this.getPersistentLogAttributes() };
  }

  #safe(gathered: Gathered): LogFields {
    const { redacts } = this.#writer.settings;
    const walk = startWalk(redacts, errorAsData);
    const record: LogFields = {};
    for (const [name, value] of gathered) put(record, name, loggableEntry(name, value, walk));
    return record;
  }
}

/**
 * Makes the logger of a service: a Powertools Logger (its whole API works; it is of the copy this package ships, so `instanceof` with the class of your own import does not hold) whose lines cannot throw, hold
 * no secrets by key name, keep causes and gathered errors, and cost a quarter inside a handler.
 *
 * Hand it to a factory as `logger`; `run` gets one bound to its invocation. A custom formatter or log buffering needs your
 * own `new Logger({ … })`, which factories take as well.
 *
 * @param options - see {@link LoggerOptions}; all have defaults
 * @throws TypeError naming the option that is wrong
 * @example
 * import { createLogger } from 'handlersmith/logging';
 *
 * export const logger = createLogger({ service: 'shop', level: 'debug', redact: ['iban', /^x-internal-/] });
 * logger.info('started', { iban: 'DE02 1203 0000 0000 2020 51' }); // … "iban":"[redacted]"
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/logger/
 */
export function createLogger(options: LoggerOptions = {}): HandlersmithLogger {
  return new HandlersmithLogger(options);
}
