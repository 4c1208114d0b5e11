// @ts-check
/**
 * Topics, streams and event rules: what they are and whom they tell.
 *
 * @module
 */
import { element } from './element.js';
import { actionForm, code, facts, field, link, section } from './form.js';
import { hrefOf } from './map.js';
import { pathOf, post } from './server.js';

/** @typedef {import('./state.js').PlayedApp} PlayedApp */
/** @typedef {import('./detail.js').View} View */

/** @param {PlayedApp} app @param {string} id @returns {View | undefined} */
export function topicView(app, id) {
  const topic = app.topics.find((one) => one.id === id);
  if (topic === undefined) return undefined;
  const body = element('textarea', { rows: 3, spellcheck: 'false' });
  const publish = actionForm('Publish', [field('Message', body)], async () => {
    if (body.value === '') throw new Error('A message needs a body.');
    await post(pathOf('topics', topic.name, 'messages'), { body: body.value });
    return 'Published.';
  });
  const others = topic.subscriptions.filter(({ protocol }) => protocol !== 'lambda');
  return {
    kind: 'Topic',
    title: id,
    body: [
      facts([['Name', topic.name]]),
      section('Publish a message', publish),
      told(
        app,
        topic.arn,
        others.map(({ protocol, endpoint }) => `${protocol}: ${endpoint}`),
      ),
    ],
  };
}

/** @param {PlayedApp} app @param {string} id @returns {View | undefined} */
export function streamView(app, id) {
  const stream = app.streams.find((one) => one.id === id);
  return (
    stream && {
      kind: 'Stream',
      title: id,
      body: [
        facts([
          ['Name', stream.name],
          ['Shards', String(stream.shards)],
        ]),
        told(app, stream.arn, []),
      ],
    }
  );
}

/** @param {PlayedApp} app @param {string} id @returns {View | undefined} */
export function ruleView(app, id) {
  const rule = app.triggers.find((one) => one.type === 'eventbridge' && one.id === id);
  if (rule?.type !== 'eventbridge') return undefined;
  return {
    kind: 'Event rule',
    title: id,
    body: [
      facts([
        ['Bus', rule.bus],
        ['Invokes', link(rule.function, hrefOf(`function/${rule.function}`))],
      ]),
      section('Pattern', code(JSON.stringify(rule.pattern, undefined, 2), 'Pattern')),
    ],
  };
}

/** @param {PlayedApp} app @param {string} arn @param {readonly string[]} others */
function told(app, arn, others) {
  const triggers = app.triggers.filter((one) => 'source' in one && one.source === arn);
  return section(
    'Told',
    triggers.length + others.length === 0
      ? element('p', { class: 'empty' }, 'Nobody.')
      : element(
          'ul',
          {},
          ...triggers.map((one) => element('li', {}, link(one.function, hrefOf(`function/${one.function}`)))),
          ...others.map((one) => element('li', {}, one)),
        ),
  );
}
