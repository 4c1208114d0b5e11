// @ts-check
/**
 * Forms that do one thing, and show beside themselves what came of it.
 *
 * @module
 */
import { element } from './element.js';
import { messageOf } from './server.js';

/**
 * @param {string} label
 * @param {HTMLElement} control
 * @param {string} [hint]
 */
export function field(label, control, hint) {
  return element(
    'label',
    { class: 'field' },
    element('span', {}, label),
    control,
    hint !== undefined && element('small', { class: 'quiet' }, hint),
  );
}

/**
 * @param {string} label of the button
 * @param {readonly Node[]} fields
 * @param {() => Promise<string | Node>} run gives what is to be shown of the outcome
 * @param {{ class?: string }} [options]
 */
export function actionForm(label, fields, run, options = {}) {
  const outcome = element('output', { class: 'outcome' });
  const fault = element('p', { class: 'fault', role: 'alert', hidden: true });
  const button = element('button', { type: 'submit', class: options.class ?? 'primary' }, label);
  let isBusy = false;

  const act = async () => {
    if (isBusy) return;
    isBusy = true;
    // Not disabled: that would take the focus away.
    button.setAttribute('aria-disabled', 'true');
    fault.hidden = true;
    outcome.replaceChildren('…');
    try {
      outcome.replaceChildren(await run());
    } catch (error) {
      outcome.replaceChildren();
      fault.textContent = messageOf(error);
      fault.hidden = false;
    }
    button.removeAttribute('aria-disabled');
    isBusy = false;
  };
  const form = element(
    'form',
    { class: 'action' },
    ...fields,
    element('div', { class: 'act' }, button, outcome),
    fault,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void act();
  });
  return form;
}

/** @param {readonly (readonly [name: string, value: string | Node | undefined])[]} pairs those without a value are left out */
export function facts(pairs) {
  return element(
    'dl',
    { class: 'facts' },
    ...pairs.flatMap(([name, value]) =>
      value === undefined ? [] : [element('div', {}, element('dt', {}, name), element('dd', {}, value))],
    ),
  );
}

/** @param {string} title @param {...(Node | string | false | undefined)} content */
export function section(title, ...content) {
  return element('section', {}, element('h3', {}, title), ...content);
}

/** Text as it is, which may be long. @param {string} text @param {string} label */
export function code(text, label) {
  return element('pre', { tabindex: 0, role: 'region', 'aria-label': label }, text);
}

/** @param {string} label @param {string} href */
export const link = (label, href) => element('a', { href }, label);
