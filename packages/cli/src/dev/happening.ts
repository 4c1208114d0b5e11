/**
 * What happens, a line each.
 *
 * @module
 */
import type { JournalChange, JournalEntry, JournalNote, LocalApp } from '@handlersmith/local';

import { durationText, failureLines, outcomeOf } from '../play/result.ts';
import type { Paint, Style } from '../terminal.ts';

export interface HappeningOptions {
  /** Whether what functions log is shown. */
  readonly logs: boolean;
  readonly paint: Paint;
}

const NOTES: Readonly<Record<JournalNote['kind'], Style>> = {
  mail: 'cyan',
  'dead-letter': 'yellow',
  dropped: 'red',
  reload: 'dim',
  warning: 'yellow',
};

/** Lines for people; none for what is not shown. */
export function happeningLines(
  change: JournalChange,
  { journal }: Pick<LocalApp, 'journal'>,
  { logs, paint }: HappeningOptions,
): string[] {
  if (change.change === 'end') return invocationLines(change.entry, paint);
  if (change.change === 'note') {
    const { time, kind, text } = change.note;
    return [`${clockText(time, paint)}  ${paint(NOTES[kind], kind)}  ${text}`];
  }
  if (change.change !== 'log' || !logs) return [];
  const name = journal.entry(change.requestId)?.function ?? '';
  const { time, text } = change.line;
  return [`${clockText(time, paint)}  ${paint('dim', `${name} |`)} ${text.trimEnd()}`];
}

/** The same for programs; undefined for what is not shown. */
export function happeningData(
  change: JournalChange,
  { journal }: Pick<LocalApp, 'journal'>,
  { logs }: Pick<HappeningOptions, 'logs'>,
): object | undefined {
  if (change.change === 'end') {
    const { logs: lines, ...entry } = change.entry;
    return { type: 'invocation', ...entry, ...(logs && { logs: lines }) };
  }
  if (change.change === 'note') return { type: 'note', ...change.note };
  if (change.change !== 'log' || !logs) return undefined;
  const { requestId, line } = change;
  return { type: 'log', function: journal.entry(requestId)?.function ?? null, requestId, ...line };
}

function invocationLines(entry: JournalEntry, paint: Paint): string[] {
  const { function: name, trigger, result, attempt, startedAt } = entry;
  if (result === undefined) return [];
  const { ok, duration, initDuration } = result;
  const parts = [
    clockText(startedAt, paint),
    paint('bold', name),
    trigger.summary,
    durationText(duration),
    ...(initDuration === undefined ? [] : [paint('dim', `cold ${durationText(initDuration)}`)]),
    ...(attempt > 1 ? [paint('yellow', `try ${attempt}`)] : []),
    outcome(result, paint),
  ];
  const failure = ok ? [] : failureLines(result).map((line) => `          ${line}`);
  return [parts.join('  '), ...failure];
}

function outcome(result: NonNullable<JournalEntry['result']>, paint: Paint): string {
  const text = outcomeOf(result);
  if (!result.ok || /^5\d\d$/.test(text)) return paint('red', text);
  return paint(text === 'ok' || /^[123]/.test(text) ? 'green' : 'yellow', text);
}

/** The time of day here, to the second. */
function clockText(time: number, paint: Paint): string {
  const date = new Date(time);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return paint('dim', parts.map((part) => String(part).padStart(2, '0')).join(':'));
}
