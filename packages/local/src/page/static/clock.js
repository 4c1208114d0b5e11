// @ts-check
/**
 * The app's clock: schedules, delays and expiry follow it, and it can be moved ahead.
 *
 * @module
 */
import { byId, element, setText } from './element.js';
import { actionForm, field } from './form.js';
import { dateOf, timeOf, zonedOf } from './format.js';
import { recount } from './live.js';
import { post } from './server.js';
import { onState, state } from './state.js';

const STEPS = /** @type {const} */ ([
  ['+1 minute', 60_000],
  ['+1 hour', 3_600_000],
  ['+1 day', 86_400_000],
]);

export function showClock() {
  const place = byId('time', HTMLElement);
  const button = byId('clock', HTMLButtonElement);
  const dialog = byId('clock-dialog', HTMLDialogElement);
  /** Milliseconds that the app is ahead of this machine. */
  let ahead = 0;
  const show = () => {
    const now = Date.now() + ahead;
    setText(place, Math.abs(ahead) < 5000 ? timeOf(now) : dateOf(now));
  };
  onState(() => {
    if (state.counts === undefined || state.counts === counted) return;
    counted = state.counts;
    ahead = counted.now - Date.now();
    show();
  });
  /** @type {import('./state.js').Counts | undefined} */
  let counted;
  setInterval(() => {
    if (!document.hidden && state.counts !== undefined) show();
  }, 1000);

  /** @param {object} how */
  const move = async (how) => {
    const { now } = await post('/api/clock', how);
    ahead = now - Date.now();
    show();
    recount();
    return `It is ${zonedOf(now)} now.`;
  };
  const to = element('input', { type: 'datetime-local', step: 1, required: true });
  dialog.append(
    element(
      'div',
      { class: 'bar' },
      element('h2', { id: 'clock-heading' }, 'Move the clock'),
      element('button', { type: 'button', 'aria-label': 'Close', onclick: () => dialog.close() }, '✕'),
    ),
    element('p', { class: 'quiet' }, 'Schedules, delays and expiry follow it. It goes ahead only.'),
    element(
      'div',
      { class: 'steps' },
      ...STEPS.map(([label, advance]) => actionForm(label, [], () => move({ advance }), { class: '' })),
    ),
    actionForm('Move', [field('To, in UTC', to)], () => move({ to: `${to.value}Z` })),
  );
  button.addEventListener('click', () => {
    to.value = new Date(Date.now() + ahead).toISOString().slice(0, 19);
    dialog.showModal();
  });
}
