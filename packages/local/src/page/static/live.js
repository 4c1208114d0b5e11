// @ts-check
/**
 * Keeps up with the server: changes as they happen, counts now and then. Says when it is lost, and comes back.
 *
 * @module
 */
import { byId, setText } from './element.js';
import { call } from './server.js';
import { isSameNote, onChange, replaceJournal, state, take, touch } from './state.js';

/** Milliseconds between two looks at the counts: while something happens, and while nothing does. */
const BUSY = 1_000;
const IDLE = 10_000;
/** Milliseconds until the next try to reach a server that is lost. */
const AGAIN = 1_000;

/** @type {Record<'connecting' | 'live' | 'lost' | 'locked', string>} */
const WORDS = {
  connecting: 'Connecting…',
  live: 'Live',
  lost: 'Server lost, trying again',
  locked: 'Server started anew: open the address it printed',
};

/** @param {keyof typeof WORDS} how */
function show(how) {
  const place = byId('connection', HTMLElement);
  place.dataset['state'] = how;
  setText(place, WORDS[how]);
}

export function keepUp() {
  follow();
  pollCounts();
}

function follow() {
  const source = new EventSource('/api/changes?brief');
  /** Changes that come while the journal is read. @type {import('./state.js').Change[] | undefined} */
  let waiting = [];

  const read = async () => {
    waiting = [];
    try {
      const [app, journal] = await Promise.all([call('/api/app'), call('/api/journal?brief')]);
      if (source.readyState === EventSource.CLOSED) return;
      state.app = app;
      replaceJournal(journal);
    } catch {
      void lost();
      return;
    }
    const known = state.notes.slice(-100);
    for (const change of waiting)
      if (change.change !== 'note' || !known.some((note) => isSameNote(note, change.note))) take(change);
    waiting = undefined;
    show('live');
    touch();
  };
  source.addEventListener('open', () => void read());
  source.addEventListener('message', ({ data }) => {
    const change = JSON.parse(data);
    if (waiting === undefined) take(change);
    else waiting.push(change);
  });
  const lost = async () => {
    source.close();
    const status = await fetch('/api/clock').then(
      (answer) => answer.status,
      () => 0,
    );
    show(status === 401 ? 'locked' : 'lost');
    setTimeout(follow, AGAIN);
  };
  source.addEventListener('error', () => void lost());
}

function pollCounts() {
  let hasChanged = true;
  let isAsking = false;
  let askedAt = -Infinity;
  onChange(() => (hasChanged = true));
  const look = async () => {
    const due = performance.now() - askedAt > (hasChanged ? BUSY : IDLE);
    if (document.hidden || isAsking || !due) return;
    isAsking = true;
    hasChanged = false;
    askedAt = performance.now();
    try {
      state.counts = await call('/api/counts');
      touch();
    } catch {
      // What follows the changes says that the server is lost.
      hasChanged = true;
    }
    isAsking = false;
  };
  recount = () => {
    hasChanged = true;
    askedAt = -Infinity;
    void look();
  };
  setInterval(() => void look(), 250);
  document.addEventListener('visibilitychange', () => void look());
  void look();
}

/** Counts again at once: something was done. */
export let recount = () => {};
