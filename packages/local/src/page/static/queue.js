// @ts-check
/**
 * A queue: its messages, and what can be done to it.
 *
 * @module
 */
import { element, keep, setText } from './element.js';
import { actionForm, code, facts, field, link, section } from './form.js';
import { countOf, pretty, shortened, timeOf } from './format.js';
import { deadLetterArnOf } from './graph.js';
import { recount } from './live.js';
import { hrefOf } from './map.js';
import { call, pathOf, post } from './server.js';

/** @typedef {{ messageId: string; body: string; messageAttributes: Record<string, { StringValue?: string; BinaryValue?: string }>; attributes: Record<string, string>; state: string; visibleAt: number }} Message */

/** @param {import('./state.js').PlayedApp} app @param {string} id @returns {import('./detail.js').View | undefined} */
export function queueView(app, id) {
  const queue = app.queues.find((one) => one.id === id);
  if (queue === undefined) return undefined;
  const deadLetters = app.queues.find(({ arn }) => arn === deadLetterArnOf(queue));
  const sources = app.queues.filter((one) => deadLetterArnOf(one) === queue.arn);
  const list = element('ul', { class: 'things' });
  const empty = element('p', { class: 'empty', hidden: true });
  const counted = element('span', {}, '…');
  const body = element('textarea', { rows: 3, spellcheck: 'false' });
  const group = element('input', { type: 'text', autocomplete: 'off', placeholder: 'page' });
  const isFifo = queue.name.endsWith('.fifo');

  const refresh = async () => {
    const { counts, messages } = await call(pathOf('queues', queue.name));
    setText(
      counted,
      `${countOf(counts.visible, 'message')}, ${counts['in flight']} in flight, ${counts.delayed} delayed`,
    );
    keep(list, messages, ({ messageId }) => messageId, messageLine, updateLine);
    empty.hidden = messages.length > 0;
    setText(empty, sources.length > 0 ? 'Empty: nothing failed too often.' : 'Empty. Send a message above.');
  };
  const send = actionForm(
    'Send',
    [field('Body', body), ...(isFifo ? [field('Group', group)] : [])],
    async () => {
      if (body.value === '') throw new Error('A message needs a body.');
      await post(pathOf('queues', queue.name, 'messages'), { body: body.value, group: group.value });
      recount();
      await refresh();
      return 'Sent.';
    },
  );
  const redrive = actionForm(
    'Redrive all',
    [],
    async () => {
      await post(pathOf('queues', queue.name, 'redrive'));
      recount();
      return `On the way back to ${sources.map((one) => one.id).join(', ')}.`;
    },
    { class: '' },
  );
  return {
    kind: sources.length > 0 ? 'Dead-letter queue' : isFifo ? 'FIFO queue' : 'Queue',
    title: id,
    body: [
      facts([
        ['Name', queue.name],
        ['Holds', counted],
        ['Visibility', `${queue.attributes['VisibilityTimeout'] ?? 30} s`],
        ['Dead letters', deadLetters && link(deadLetters.id, hrefOf(`queue/${deadLetters.id}`))],
        [
          'Of',
          sources.length === 0
            ? undefined
            : element(
                'span',
                { class: 'links' },
                ...sources.map((one) => link(one.id, hrefOf(`queue/${one.id}`))),
              ),
        ],
      ]),
      ...(sources.length > 0 ? [redrive] : []),
      section('Send a message', send),
      section('Messages', list, empty),
    ],
    refresh,
  };
}

/** What attributes of the system say, in words. @type {Readonly<Record<string, string>>} */
const SYSTEM = {
  MessageGroupId: 'Group',
  MessageDeduplicationId: 'Deduplicates',
  SequenceNumber: 'Sequence',
  DeadLetterQueueSourceArn: 'Came from',
};

/** @param {Message} message */
function messageLine({ messageId, body, attributes, messageAttributes }) {
  const given = Object.entries(messageAttributes).map(
    ([name, { StringValue, BinaryValue }]) => /** @type {const} */ ([name, StringValue ?? BinaryValue ?? '']),
  );
  return element(
    'li',
    {},
    element(
      'details',
      {},
      element(
        'summary',
        {},
        element('span', { class: 'badge' }),
        ' ',
        element('strong', {}, shortened(body, 120)),
        ' ',
        element('span', { class: 'quiet received' }),
      ),
      code(pretty(body), 'Body'),
      facts([
        ['Id', messageId],
        ...given,
        ...Object.entries(SYSTEM).map(([name, word]) => /** @type {const} */ ([word, attributes[name]])),
      ]),
    ),
  );
}

/** @param {Element} line @param {Message} message */
function updateLine(line, { state, attributes, visibleAt }) {
  const [badge, received] = [line.querySelector('.badge'), line.querySelector('.received')];
  if (!(badge instanceof HTMLElement) || received === null) return;
  badge.dataset['kind'] = state === 'visible' ? 'ok' : 'running';
  setText(badge, state === 'visible' ? 'Waiting' : state === 'delayed' ? 'Delayed' : 'In flight');
  const times = Number(attributes['ApproximateReceiveCount'] ?? 0);
  const until = state === 'visible' ? '' : ` · until ${timeOf(visibleAt)}`;
  setText(
    received,
    `sent ${timeOf(Number(attributes['SentTimestamp'] ?? 0))} · received ${countOf(times, 'time')}${until}`,
  );
}
