// @ts-check
/**
 * The figures beside what is drawn.
 *
 * @module
 */
import { agoOf, countOf, numberOf } from './format.js';
import { state } from './state.js';

/** @typedef {{ count: string; more: string; words: string; isWrong: boolean }} Shown `words` are for those who cannot see it */

/** @param {import('./graph.js').GraphNode} node @returns {Shown} */
export function countOfNode({ kind, id, column }) {
  const { counts } = state;
  if (counts === undefined) return shown('', '', 'not counted yet');
  if (kind === 'function') {
    const { invocations = 0, errors = 0, running = 0 } = counts.functions[id] ?? {};
    const more =
      errors > 0 ? `${numberOf(errors)} failed` : running > 0 ? `${numberOf(running)} running` : '';
    return shown(
      numberOf(invocations),
      more,
      [countOf(invocations, 'invocation'), more].filter(Boolean).join(', '),
      errors > 0,
    );
  }
  if (kind === 'queue') {
    const { visible = 0, 'in flight': flying = 0, delayed = 0 } = counts.queues[id] ?? {};
    const more = [
      flying > 0 && `${numberOf(flying)} in flight`,
      delayed > 0 && `${numberOf(delayed)} delayed`,
    ]
      .filter(Boolean)
      .join(', ');
    return shown(
      numberOf(visible),
      more,
      [countOf(visible, 'message'), more].filter(Boolean).join(', '),
      column === 3 && visible > 0,
    );
  }
  if (kind === 'table') return single(counts.tables[id] ?? 0, 'item');
  if (kind === 'bucket') {
    const objects = counts.buckets[id] ?? 0;
    // They are counted as far as they are listed at once.
    return objects < 1000 ? single(objects, 'object') : shown('1,000+', '', 'a thousand objects or more');
  }
  if (kind === 'mails') return single(counts.mails, 'mail');
  if (kind === 'schedule') {
    const next = counts.schedules[id]?.next ?? null;
    if (next === null) return shown('', 'off', 'does not fire by itself');
    const left = `in ${agoOf(next - counts.now)}`;
    return shown('', left, `fires ${left}`);
  }
  return single(triggered(id), 'invocation');
}

/** @param {number} count @param {string} one */
const single = (count, one) => shown(numberOf(count), '', countOf(count, one));

/** @param {string} count @param {string} more @param {string} words @returns {Shown} */
const shown = (count, more, words, isWrong = false) => ({ count, more, words, isWrong });

/** How many of the invocations that are remembered a gateway, a topic, a stream or a rule made. @param {string} id */
function triggered(id) {
  const { app } = state;
  const arn = [...(app?.topics ?? []), ...(app?.streams ?? [])].find((one) => one.id === id)?.arn;
  const triggers = new Set([
    id,
    ...(app?.triggers ?? []).flatMap((one) => ('source' in one && one.source === arn ? [one.id] : [])),
  ]);
  let count = 0;
  for (const { trigger } of state.entries.values()) if (triggers.has(trigger.id)) count += 1;
  return count;
}
