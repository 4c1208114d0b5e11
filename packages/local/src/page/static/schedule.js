// @ts-check
/**
 * A schedule: when it fires, and a way to fire it.
 *
 * @module
 */
import { element, setText } from './element.js';
import { actionForm, facts, field, link, section } from './form.js';
import { zonedOf } from './format.js';
import { hrefOf } from './map.js';
import { pathOf, post } from './server.js';
import { state } from './state.js';

/** @param {import('./state.js').PlayedApp} app @param {string} id @returns {import('./detail.js').View | undefined} */
export function scheduleView(app, id) {
  const schedule = app.triggers.find((one) => one.type === 'schedule' && one.id === id);
  if (schedule?.type !== 'schedule') return undefined;
  const next = element('span', {});
  const slot = element('input', { type: 'datetime-local', step: 1 });
  const fire = actionForm(
    'Fire',
    [field('Slot, in UTC', slot, 'Empty: now, by the clock of the app.')],
    async () => {
      const fired = await post(
        pathOf('schedules', id, 'fire'),
        slot.value === '' ? {} : { slot: `${slot.value}Z` },
      );
      return `Fired for ${fired.slot}.`;
    },
  );
  return {
    kind: 'Schedule',
    title: id,
    body: [
      facts([
        ['When', element('code', {}, schedule.expression)],
        ['Time zone', schedule.timezone],
        ['Next', next],
        ['Invokes', link(schedule.function, hrefOf(`function/${schedule.function}`))],
        ['By', schedule.by === 'rule' ? 'a rule of EventBridge' : 'EventBridge Scheduler'],
        ['Input', schedule.input === undefined ? undefined : element('code', {}, schedule.input)],
      ]),
      section('Fire it', fire),
    ],
    refresh() {
      const time = (state.counts?.schedules ?? app.schedules)[id]?.next ?? null;
      setText(next, time === null ? 'never by itself' : zonedOf(time));
    },
  };
}
