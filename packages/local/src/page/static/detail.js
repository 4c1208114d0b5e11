// @ts-check
/**
 * One thing of the app, opened beside the rest: its address says which, so that going back works.
 *
 * @module
 */
import { bucketView } from './bucket.js';
import { byId, element, setText } from './element.js';
import { functionView } from './function.js';
import { gatewayView } from './gateway.js';
import { invocationView } from './invocation.js';
import { mailsView } from './mails.js';
import { queueView } from './queue.js';
import { scheduleView } from './schedule.js';
import { messageOf } from './server.js';
import { onState, state, touch } from './state.js';
import { tableView } from './table.js';
import { ruleView, streamView, topicView } from './targets.js';

/**
 * @typedef {object} View
 * @property {string} kind
 * @property {string} title
 * @property {Node[]} body
 * @property {() => Promise<void> | void} [refresh] looks again, after something happened
 * @property {() => void} [leave]
 */

/** @type {Readonly<Record<string, (app: import('./state.js').PlayedApp, id: string) => View | undefined>>} */
const VIEWS = {
  function: functionView,
  gateway: gatewayView,
  table: tableView,
  bucket: bucketView,
  queue: queueView,
  topic: topicView,
  stream: streamView,
  schedule: scheduleView,
  rule: ruleView,
  mails: mailsView,
  invocation: invocationView,
};

/** Milliseconds between two looks at what is open, while things happen. */
const PAUSE = 500;

export function showDetail() {
  const pane = byId('detail', HTMLElement);
  const body = byId('detail-body', HTMLElement);
  const heading = byId('detail-heading', HTMLElement);
  const overlaid = matchMedia('(max-width: 60rem)');
  /** @type {View | undefined} */
  let view;
  /** What was there when the pane was opened, to go back to. @type {string | null} */
  let openedFrom = null;
  let shown = '';
  const fault = element('p', { class: 'fault', role: 'alert', hidden: true });

  /** The rest cannot be reached while the pane covers it. */
  const cover = () => {
    for (const one of document.querySelectorAll('main, .skip'))
      if (one instanceof HTMLElement) one.inert = !pane.hidden && overlaid.matches;
  };
  const refresh = async () => {
    const asked = view;
    try {
      await view?.refresh?.();
      if (asked === view) fault.hidden = true;
    } catch (error) {
      if (asked !== view) return;
      fault.hidden = false;
      setText(fault, messageOf(error));
    }
  };
  const close = () => {
    if (pane.hidden) return;
    pane.hidden = true;
    shown = '';
    view?.leave?.();
    view = undefined;
    document.title = state.app?.name ?? 'Handlersmith';
    body.replaceChildren();
    cover();
    if (location.hash === '') giveBack(openedFrom);
    touch();
  };
  const open = () => {
    const { app } = state;
    const { hash } = location;
    if (!hash.startsWith('#/')) {
      close();
      return;
    }
    if (app === undefined || hash === shown) return;
    const [name = '', id = ''] = hash.slice(2).split('/').map(decoded);
    const made = VIEWS[name]?.(app, id);
    if (pane.hidden) openedFrom = hash;
    shown = hash;
    view?.leave?.();
    view = made;
    setText(byId('detail-kind', HTMLElement), made?.kind ?? '');
    setText(heading, made?.title ?? 'Not there');
    document.title = `${made?.title ?? 'Not there'} · ${app.name}`;
    fault.hidden = true;
    body.replaceChildren(
      fault,
      ...(made?.body ?? [element('p', { class: 'empty' }, 'The app has nothing of that name.')]),
    );
    pane.hidden = false;
    pane.scrollTop = 0;
    cover();
    heading.focus({ preventScroll: true });
    void refresh();
    touch();
  };

  let lookedAt = 0;
  let isDue = false;
  onState(() => {
    open();
    if (isDue || view?.refresh === undefined) return;
    isDue = true;
    setTimeout(
      () => {
        isDue = false;
        lookedAt = performance.now();
        if (!document.hidden) void refresh();
      },
      Math.max(0, lookedAt + PAUSE - performance.now()),
    );
  });
  addEventListener('hashchange', open);
  overlaid.addEventListener('change', cover);
  byId('close', HTMLAnchorElement).addEventListener('click', (event) => {
    event.preventDefault();
    leave();
  });
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !pane.hidden && document.querySelector('dialog[open]') === null) leave();
  });
}

/** The focus goes back to what was opened. @param {string | null} href */
function giveBack(href) {
  const back = document.querySelector(`main a[href="${CSS.escape(href ?? '')}"]`);
  if (back instanceof HTMLElement || back instanceof SVGElement) back.focus();
  else byId('happened', HTMLElement).focus({ preventScroll: true });
}

function leave() {
  history.pushState(null, '', location.pathname);
  dispatchEvent(new HashChangeEvent('hashchange'));
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
