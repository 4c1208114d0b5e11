/**
 * The writer of log lines: text put together from parts that are made once a logger, once an invocation and once a line.
 * It is what makes a line cost about a quarter of the Powertools Logger's.
 *
 * @module
 */
import type { Context } from 'aws-lambda';

import { BoundLogger, Invocation } from './bound.ts';
import { isColdStart } from './coldstart.ts';
import { errorAsData } from './errors.ts';
import { isStandard } from './fields.ts';
import type { ContextFields, Gathered } from './fields.ts';
import { THRESHOLDS } from './level.ts';
import { boundedText, loggable, loggableEntry, read, startWalk } from './loggable.ts';
import type { Walk } from './loggable.ts';
import type { LogFields, Logger, LoggerBase, LogLevel } from './logger.ts';
import { REDACTED } from './redaction.ts';
import { resolveSettings } from './settings.ts';
import type { LoggerOptions, LogSettings } from './settings.ts';

/** Texts `JSON.stringify` would put between quotes as they are: short printable ASCII without quotes and backslashes. */
const PLAIN = /^[ !#-[\]-~]*$/;
const PLAIN_LENGTH = 64;

/** Longest line the fast path may make, in characters; longer ones are made again within limits. */
const MAX_LINE = 120_000;

/** Key names that are remembered as they stand on a line; names may come from callers, so there is an end to it. */
const REMEMBERED_KEYS = 500;

/** A key as text, and whether its value needs care. */
interface Key {
  /** `,"name":` */
  readonly lead: string;
  readonly secret: boolean;
  /** The line has this name anyway: the slow path sorts out which one stays. */
  readonly standard: boolean;
}

/** A text as JSON. */
function quote(text: string): string {
  if (text.length <= PLAIN_LENGTH && PLAIN.test(text)) return `"${text}"`;
  return JSON.stringify(boundedText(text));
}

/** Once-per-environment memory of what the log has been told about bad environment variables. */
const said = new Set<string>();

/** Writes the lines of all invocations of one handler. */
export class LineWriter implements LoggerBase {
  readonly settings: LogSettings;
  /** Lowest number of a level that is written. */
  threshold: number;
  readonly #keys = new Map<string, Key>();
  /** `,"service":"…"`, and the sampling rate where there is one. */
  readonly #service: string;
  #persistent: LogFields = {};
  #start: string | undefined;
  /** What the last context said about the function, and how it stands on a line. */
  #function:
    | { arn: string | undefined; memory: string | undefined; name: string | undefined; text: string }
    | undefined;

  constructor(settings: LogSettings) {
    this.settings = settings;
    this.threshold = settings.threshold;
    const rate = settings.sampleRate > 0 ? `,"sampling_rate":${settings.sampleRate}` : '';
    this.#service = `,"service":${quote(settings.service)}${rate}`;
    this.persistent = settings.persistentKeys;
    for (const notice of settings.notices) this.#notify(notice);
  }

  /** Fields on every line. */
  get persistent(): LogFields {
    return this.#persistent;
  }

  set persistent(fields: LogFields) {
    this.#persistent = fields;
    const part = this.part(fields);
    this.#start = part === undefined ? undefined : this.#service + part;
  }

  /** The part of the line that is the same in all invocations; `undefined` where names meet. */
  get start(): string | undefined {
    return this.#start;
  }

  bind(context: Partial<Context> | undefined, fields: LogFields): Logger {
    const { sampleRate, fixed } = this.settings;
    const sampled = sampleRate > 0 && !fixed && Math.random() < sampleRate;
    const threshold = sampled ? Math.min(this.threshold, THRESHOLDS.DEBUG) : this.threshold;
    return new BoundLogger(new Invocation(this, context, isColdStart(context), threshold), fields);
  }

  /** Hands a finished line over. */
  write(level: LogLevel, line: string): void {
    this.settings.output(level, line);
  }

  /** Says that a line was lost, instead of throwing into the handler. */
  fail(level: LogLevel, error: unknown): void {
    try {
      this.write(level, this.compact(level, 'a log line could not be written', new Map([['error', error]])));
    } catch {
      // nothing is left to say it with
    }
  }

  /** Fields as `,"name":value…`; `undefined` where the line has one of the names anyway. */
  part(fields: LogFields): string | undefined {
    let text = '';
    for (const name of Object.keys(fields)) {
      const key = this.#key(name);
      if (key.standard || (name in this.#persistent && fields !== this.#persistent)) return undefined;
      text += this.#entry(key, read(fields, name));
    }
    return text;
  }

  /** The fields of the Lambda context and the trace id. What never changes in an environment is kept. */
  contextPart(fields: ContextFields): string {
    const { function_arn: arn, function_memory_size: memory, function_name: name } = fields;
    const last = this.#function;
    if (last === undefined || arn !== last.arn || memory !== last.memory || name !== last.name) {
      const text =
        this.#named('function_arn', arn) +
        this.#named('function_memory_size', memory) +
        this.#named('function_name', name);
      this.#function = { arn, memory, name, text };
    }
    return (
      (fields.cold_start ? ',"cold_start":true' : ',"cold_start":false') +
      (this.#function?.text ?? '') +
      this.#named('function_request_id', fields.function_request_id) +
      this.#named('xray_trace_id', fields.xray_trace_id) +
      this.#named('tenant_id', fields.tenant_id)
    );
  }

  /**
   * The short way to a line: a text, and at most one plain record of names that are new.
   *
   * @param bound - the part of the line that stays for its logger
   * @param taken - the fields bound to the logger
   * @returns `undefined` where only {@link compact} gets it right
   */
  fast(
    level: LogLevel,
    message: string,
    bound: string,
    record: LogFields | undefined,
    taken: LogFields,
  ): string | undefined {
    let text = this.#head(level, message) + bound;
    if (record === undefined) return text.length > MAX_LINE ? undefined : `${text}}`;
    for (const name of Object.keys(record)) {
      const key = this.#key(name);
      if (key.standard || name in taken || name in this.#persistent) return undefined;
      text += this.#entry(key, record[name]);
      if (text.length > MAX_LINE) return undefined;
    }
    return `${text}}`;
  }

  /** The long way: fields sorted out by name, all of them within the limits of one line. */
  compact(level: LogLevel, message: string, fields: Gathered): string {
    const walk = this.#walk();
    let text = this.#head(level, message) + this.#service;
    let left = fields.size;
    for (const [name, value] of fields) {
      if (walk.left <= 0) return `${text},"left_out":"${left} fields: the line is too large"}`;
      left -= 1;
      walk.left -= name.length;
      const safe = loggableEntry(name, value, walk);
      if (safe !== undefined) text += `,${quote(name)}:${JSON.stringify(safe)}`;
    }
    return `${text}}`;
  }

  #notify(notice: string): void {
    if (said.has(notice) || THRESHOLDS.WARN < this.threshold) return;
    said.add(notice);
    this.write('WARN', this.compact('WARN', notice, new Map()));
  }

  /** `,"name":value`, or nothing for a field that is not there. */
  #entry({ lead, secret }: Key, value: unknown): string {
    if (value === undefined) return '';
    if (secret) return `${lead}"${REDACTED}"`;
    if (typeof value === 'string') return lead + quote(value);
    if (typeof value === 'number' && Number.isFinite(value)) return lead + String(value);
    if (typeof value === 'boolean' || value === null) return lead + String(value);
    return lead + JSON.stringify(loggable(value, this.#walk()));
  }

  #named(name: string, value: unknown): string {
    return this.#entry(this.#key(name), value);
  }

  /** `{"level":"INFO","message":"…","timestamp":"…"` */
  #head(level: LogLevel, message: string): string {
    return `{"level":"${level}","message":${quote(message)},"timestamp":"${this.settings.time()}"`;
  }

  #key(name: string): Key {
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const key = { lead: `,${quote(name)}:`, secret: this.settings.redacts(name), standard: isStandard(name) };
    if (this.#keys.size < REMEMBERED_KEYS && name.length <= PLAIN_LENGTH) this.#keys.set(name, key);
    return key;
  }

  /** Starts the walk through the values of one line. */
  #walk(): Walk {
    return startWalk(this.settings.redacts, errorAsData);
  }
}

/**
 * Makes a logger that writes the lines of {@link createLogger} without loading Powertools: same options, same lines.
 *
 * @throws TypeError naming the option that is wrong
 */
export function createLineWriter(options: LoggerOptions = {}): LineWriter {
  return new LineWriter(resolveSettings(options));
}
