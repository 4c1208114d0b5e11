/**
 * From `--set` to what the builders of events take.
 *
 * @module
 */
import { didYouMean } from '../nearest.ts';
import { WrongUse } from '../problem.ts';
import { type Path, putAt, readSetting, type Setting } from './path.ts';
import type { FieldKind, Fields, Trigger } from './triggers.ts';

/** What is said of an event: of each of its records, and of all of it. */
export interface Statement {
  readonly records: readonly Readonly<Record<string, unknown>>[];
  readonly whole: Readonly<Record<string, unknown>>;
}

/**
 * Reads the settings of an event. Of triggers with several records, `[1].key` is about the second one, `key` about the
 * first.
 *
 * @param name - the trigger's, for messages
 * @param defaults - what every record says where nothing else is said
 * @throws WrongUse for a field that the trigger does not have, or a value that is none for it
 */
export function readStatement(
  name: string,
  trigger: Trigger,
  typed: readonly string[],
  defaults: Statement,
): Statement {
  const records = [...defaults.records];
  let whole: unknown = defaults.whole;
  const fields: Fields = { ...trigger.record, ...trigger.whole };
  for (const setting of typed.map(readSetting)) {
    const { index, path } = addressed(setting, trigger, name);
    const [field] = path;
    const kind = typeof field === 'string' && Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (typeof field !== 'string' || kind === undefined) throw unknownField(String(field), name, fields);
    const value = valueOf(setting, path, kind);
    if (trigger.record === undefined || !Object.hasOwn(trigger.record, field)) {
      if (index !== undefined)
        throw new WrongUse(`--set ${setting.typed}: ${field} is said once, not of each record.`);
      whole = putAt(whole, path, value);
    } else {
      const at = index ?? 0;
      // The default of all is the default of those between.
      while (records.length <= at) records.push(defaults.records[0] ?? {});
      // A record stays one when something is put into it.
      records[at] = putAt(records[at], path, value) as Readonly<Record<string, unknown>>;
    }
  }
  return { records, whole: whole as Statement['whole'] }; // the same
}

function addressed(
  { path, typed }: Setting,
  { record }: Trigger,
  name: string,
): { readonly index: number | undefined; readonly path: Path } {
  const [first, ...rest] = path;
  if (typeof first !== 'number') return { index: undefined, path };
  if (record === undefined) throw new WrongUse(`--set ${typed}: an event of ${name} has no records.`);
  return { index: first, path: rest };
}

function unknownField(field: string, name: string, fields: Fields): WrongUse {
  const names = Object.keys(fields);
  return new WrongUse(
    `${name} has no field "${field}".${didYouMean(field, names)} There are: ${names.join(', ')}.`,
  );
}

function valueOf({ text, typed }: Setting, path: Path, kind: FieldKind): unknown {
  const inside = path.length > 1;
  if (inside && kind !== 'json' && kind !== 'map')
    throw new WrongUse(`--set ${typed}: ${String(path[0])} has nothing in it, it is one value.`);
  if (kind === 'json' || (kind === 'map' && !inside)) return jsonOr(text);
  if (kind === 'list') return text.split(',').map((part) => part.trim());
  if (kind === 'number') {
    if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
    throw new WrongUse(`--set ${typed}: "${text}" is no number.`);
  }
  if (kind === 'flag') {
    if (text === 'true' || text === 'false') return text === 'true';
    throw new WrongUse(`--set ${typed}: true or false, not "${text}".`);
  }
  if (kind === 'time') {
    const time = new Date(text);
    if (!Number.isNaN(time.getTime())) return time;
    throw new WrongUse(`--set ${typed}: "${text}" is no time, such as 2026-11-01T02:00:00Z.`);
  }
  return text;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
