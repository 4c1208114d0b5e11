// @ts-check
/**
 * A function: how it is set up, what invokes it, and a way to invoke it by hand.
 *
 * @module
 */
import { element } from './element.js';
import { code, actionForm, facts, field, link, section } from './form.js';
import { pretty } from './format.js';
import { graphOf } from './graph.js';
import { filterBy } from './happened.js';
import { hrefOf } from './map.js';
import { pathOf, post } from './server.js';

/** @param {import('./state.js').PlayedApp} app @param {string} id @returns {import('./detail.js').View | undefined} */
export function functionView(app, id) {
  const declared = app.functions.find((one) => one.id === id);
  if (declared === undefined) return undefined;
  const { name, runtime, timeout, memory, source, exported, environment, place } = declared;
  const event = element('textarea', { rows: 6, spellcheck: 'false' }, '{}');
  const invoke = actionForm('Invoke', [field('Event, as JSON', event)], async () => {
    const { ok, requestId, payload, error } = await post(pathOf('functions', id, 'invoke'), {
      event: read(event.value),
    });
    const answer =
      typeof payload === 'string'
        ? pretty(payload)
        : `${error?.errorType ?? ''}: ${error?.errorMessage ?? ''}`;
    return element(
      'div',
      {},
      element('p', {}, ok ? 'Done: ' : 'Failed: ', link('the invocation', `#/invocation/${requestId}`)),
      code(answer, 'Answer'),
    );
  });
  const leads = graphOf(app).edges;
  const from = leads.filter(({ to, how }) => to === `function/${id}` && how === 'invokes');
  const to = leads.filter((edge) => edge.from === `function/${id}`);
  const variables = Object.entries(environment);
  return {
    kind: 'Function',
    title: id,
    body: [
      facts([
        ['Name', name],
        ['Runtime', runtime],
        ['Timeout', `${timeout} s`],
        ['Memory', `${memory} MB`],
        ['Handler', element('code', {}, `${source} → ${exported}`)],
        ['Declared', element('code', {}, `${place.file}:${place.line}`)],
      ]),
      element(
        'p',
        {},
        element(
          'button',
          {
            type: 'button',
            onclick: () => {
              filterBy(id);
              location.hash = 'happened';
            },
          },
          'Show only its invocations',
        ),
      ),
      section('Invoke', invoke),
      section(
        'Invoked by',
        from.length === 0
          ? element('p', { class: 'empty' }, 'Nothing but you: the template has no trigger for it.')
          : element(
              'ul',
              {},
              ...from.map((edge) =>
                element('li', {}, linkTo(edge.from), element('span', { class: 'quiet' }, ` ${edge.title}`)),
              ),
            ),
      ),
      to.length > 0 &&
        section(
          'Leads to',
          element(
            'ul',
            {},
            ...to.map((edge) =>
              element('li', {}, linkTo(edge.to), element('span', { class: 'quiet' }, ` ${edge.title}`)),
            ),
          ),
        ),
      variables.length > 0 && section('Environment', facts(variables)),
    ].filter((part) => part !== false),
  };
}

/** @param {string} key */
const linkTo = (key) => link(key === 'mails' ? 'Mails' : key.slice(key.indexOf('/') + 1), hrefOf(key));

/** @param {string} text */
function read(text) {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`The event is no JSON: ${cause instanceof Error ? cause.message : ''}`, { cause });
  }
}
