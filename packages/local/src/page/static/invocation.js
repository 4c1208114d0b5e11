// @ts-check
/**
 * One invocation: what came, what it said, what it answered, and what that caused.
 *
 * @module
 */
import { chainOf } from './chain.js';
import { element } from './element.js';
import { actionForm, code, facts, link, section } from './form.js';
import { countOf, dateOf, durationOf, pretty, timeOf } from './format.js';
import { stateOf, wordOf } from './happened.js';
import { hrefOf } from './map.js';
import { call, pathOf, post } from './server.js';
import { onChange, state } from './state.js';

/** @typedef {import('./state.js').FullEntry} FullEntry */

/** Lines of logs shown at most: the last ones. */
const LINES = 500;

/** @param {unknown} _app @param {string} requestId @returns {import('./detail.js').View | undefined} */
export function invocationView(_app, requestId) {
  const brief = state.entries.get(requestId);
  if (brief === undefined) return undefined;
  const summary = element('div', {});
  const fault = element('div', {});
  const logs = element('ol', { class: 'logs', tabindex: 0, 'aria-label': 'Logs' });
  const silent = element('p', { class: 'empty' }, 'Nothing was printed.');
  const chain = element('div', {});
  const answer = element('div', {});
  const event = element('div', {});
  let isWhole = false;
  let drawnChain = '';

  /** @param {FullEntry['logs'][number]} line */
  const addLine = (line) => {
    silent.hidden = true;
    logs.hidden = false;
    logs.append(lineOf(line));
    if (logs.childElementCount > LINES) logs.firstElementChild?.remove();
  };
  /** @param {FullEntry} entry */
  const show = (entry) => {
    summary.replaceChildren(summaryOf(entry));
    fault.replaceChildren(...faultOf(entry));
    logs.replaceChildren(...entry.logs.slice(-LINES).map(lineOf));
    logs.hidden = entry.logs.length === 0;
    silent.hidden = entry.logs.length > 0;
    answer.replaceChildren(...answerOf(entry));
    if (event.childElementCount === 0) event.append(code(pretty(entry.event), 'Event'));
  };
  const leave = onChange((change) => {
    if (change.change === 'log' && change.requestId === requestId) addLine(change.line);
  });
  const replay = actionForm(
    'Replay',
    [],
    async () => {
      const { ok, requestId: again } = await post(pathOf('journal', requestId, 'replay'));
      return element(
        'span',
        {},
        ok ? 'Done: ' : 'Failed: ',
        link('the new invocation', `#/invocation/${again}`),
      );
    },
    { class: '' },
  );
  return {
    kind: 'Invocation',
    title: brief.function,
    body: [
      summary,
      fault,
      replay,
      section('Chain', chain),
      section('Logs', logs, silent),
      section('Answer', answer),
      section('Event', event),
    ],
    leave,
    async refresh() {
      const { tree } = chainOf(requestId);
      const text = tree.textContent + tree.querySelectorAll('a').length;
      if (text !== drawnChain) chain.replaceChildren(tree);
      drawnChain = text;
      if (isWhole) return;
      const entry = await call(pathOf('journal', requestId));
      show(entry);
      isWhole = entry.result !== undefined;
    },
  };
}

/** @param {FullEntry} entry */
function summaryOf(entry) {
  const { trigger, attempt, causes, startedAt, result, requestId } = entry;
  const badge = element('span', { class: 'badge', 'data-kind': stateOf(entry) }, wordOf(entry));
  const origins = causes.map((cause) =>
    link(state.entries.get(cause)?.function ?? 'an invocation that is forgotten', `#/invocation/${cause}`),
  );
  return facts([
    ['State', badge],
    ['Function', link(entry.function, hrefOf(`function/${entry.function}`))],
    ['Trigger', element('span', {}, trigger.summary)],
    ['Started', dateOf(startedAt)],
    ['Took', result && durationOf(result.duration)],
    ['Cold start', result?.initDuration === undefined ? undefined : durationOf(result.initDuration)],
    ['Memory', result && `${Math.round(result.memoryUsed)} MB`],
    ['Attempt', String(attempt)],
    ['Caused by', origins.length === 0 ? undefined : element('span', { class: 'links' }, ...origins)],
    ['Request', element('code', {}, requestId)],
  ]);
}

/** @param {FullEntry} entry */
function faultOf({ result }) {
  if (result === undefined || result.ok) return [];
  const { errorType, errorMessage, trace } = result.error;
  return [
    section(
      'Error',
      element('p', { class: 'fault' }, element('strong', {}, errorType), `: ${errorMessage}`),
      trace.length > 0 && code(trace.join('\n'), 'Stack'),
    ),
  ];
}

/** @param {FullEntry} entry */
function answerOf({ result }) {
  if (result === undefined) return [element('p', { class: 'empty' }, 'It still runs.')];
  if (!result.ok) return [element('p', { class: 'empty' }, 'None: it failed.')];
  const { payload, prelude } = result;
  const head =
    prelude === undefined ? [] : [code(pretty(JSON.stringify(prelude)), 'Status and headers of the stream')];
  if (typeof payload === 'string') return [...head, code(pretty(payload), 'Answer')];
  return [...head, element('p', {}, `A stream of ${countOf(Object.keys(payload).length, 'byte')}.`)];
}

/** What Lambda puts before each line that is logged: the time, the request and the level. */
const PREFIX = /^\d{4}-[\d:.T-]+Z\t\S+\t([A-Z]+)\t/u;

/** @param {FullEntry['logs'][number]} line */
function lineOf({ time, stream, text, truncated }) {
  const level = PREFIX.exec(text)?.[1] ?? '';
  const said = text.replace(PREFIX, '');
  return element(
    'li',
    { class: level === '' ? stream : level.toLowerCase() },
    element('time', { datetime: new Date(time).toISOString() }, timeOf(time)),
    !['', 'INFO'].includes(level) && element('span', { class: 'level' }, level),
    element('span', { class: 'text' }, truncated === true ? `${said}… (cut)` : said),
  );
}
