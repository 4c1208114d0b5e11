// @ts-check
/**
 * Topics, streams and event rules: what they are and whom they tell.
 *
 * @module
 */
import { element } from './element.js';
import { code, facts, link, section } from './form.js';
import { hrefOf } from './map.js';

/** @typedef {import('./state.js').PlayedApp} PlayedApp */
/** @typedef {import('./detail.js').View} View */

/** @param {PlayedApp} app @param {string} id @returns {View | undefined} */
export function topicView(app, id) {
  const topic = app.topics.find((one) => one.id === id);
  return (
    topic && {
      kind: 'Topic',
      title: id,
      body: [
        facts([['Name', topic.name]]),
        told(
          app,
          topic.arn,
          topic.subscriptions
            .filter(({ protocol }) => protocol !== 'lambda')
            .map(({ protocol, endpoint }) => `${protocol}: ${endpoint}`),
        ),
      ],
    }
  );
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
