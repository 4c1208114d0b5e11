// @ts-check
/**
 * From an app to what is drawn of it: what there is, and what leads where.
 *
 * @module
 */

/** @typedef {import('./state.js').PlayedApp} PlayedApp */
/** @typedef {'gateway' | 'schedule' | 'rule' | 'function' | 'bucket' | 'table' | 'queue' | 'topic' | 'stream' | 'mails'} Kind */
/** @typedef {{ key: string; kind: Kind; id: string; column: number }} GraphNode */
/** @typedef {{ from: string; to: string; how: 'invokes' | 'given'; title: string }} GraphEdge */
/** @typedef {{ nodes: GraphNode[]; edges: GraphEdge[] }} Graph */

export const COLUMNS = ['Doors', 'Functions', 'Stores', 'Dead letters'];

/** @type {Record<Kind, string>} */
export const KINDS = {
  gateway: 'Gateway',
  schedule: 'Schedule',
  rule: 'Event rule',
  function: 'Function',
  bucket: 'Bucket',
  table: 'Table',
  queue: 'Queue',
  topic: 'Topic',
  stream: 'Stream',
  mails: 'Mails',
};

/**
 * @param {PlayedApp} app
 * @param {readonly string[]} [mailing] functions that sent mails
 * @returns {Graph}
 */
export function graphOf(app, mailing = []) {
  const byArn = arns(app);
  /** @type {GraphEdge[]} */
  const edges = [];
  /** @param {string | undefined} from @param {string | undefined} to @param {GraphEdge['how']} how @param {string} title */
  const lead = (from, to, how, title) => {
    if (from === undefined || to === undefined || from === to) return;
    const known = edges.find((edge) => edge.from === from && edge.to === to && edge.how === how);
    if (known === undefined) edges.push({ from, to, how, title });
    else if (!known.title.split(', ').includes(title)) known.title += `, ${title}`;
  };

  for (const gateway of app.gateways)
    for (const { function: id, method, path } of gateway.routes)
      lead(`gateway/${gateway.id}`, `function/${id}`, 'invokes', `${method} ${path}`);
  for (const trigger of app.triggers)
    lead(sourceOf(trigger, byArn), `function/${trigger.function}`, 'invokes', trigger.id);
  for (const { id, notifications } of app.buckets)
    for (const { target, events } of notifications)
      lead(`bucket/${id}`, byArn.get(target), 'invokes', events.join(', '));
  for (const { id, subscriptions } of app.topics)
    for (const { endpoint } of subscriptions)
      lead(`topic/${id}`, byArn.get(endpoint), 'invokes', 'subscription');
  const dead = new Set();
  for (const queue of app.queues) {
    const target = byArn.get(deadLetterArnOf(queue) ?? '');
    dead.add(target);
    lead(`queue/${queue.id}`, target, 'invokes', 'what fails too often');
  }
  /** @param {string} from @param {string | undefined} arn */
  const failTo = (from, arn) => {
    const target = byArn.get(arn ?? '');
    dead.add(target);
    lead(from, target, 'invokes', 'what fails');
  };
  for (const { id, asynchronous } of app.functions) {
    failTo(`function/${id}`, asynchronous.onFailure);
    failTo(`function/${id}`, asynchronous.deadLetterArn);
    lead(`function/${id}`, byArn.get(asynchronous.onSuccess ?? ''), 'invokes', 'what succeeds');
  }
  for (const trigger of app.triggers) {
    if ('onFailure' in trigger) failTo(`function/${trigger.function}`, trigger.onFailure);
    if ('deadLetterArn' in trigger) failTo(`function/${trigger.function}`, trigger.deadLetterArn);
  }
  for (const { id, environment } of app.functions)
    for (const [name, value] of Object.entries(environment))
      lead(`function/${id}`, namedBy(value, app, byArn), 'given', name);

  for (const id of mailing) lead(`function/${id}`, 'mails', 'given', 'sent mails');

  const isRead = new Set(edges.filter(({ how }) => how === 'invokes').map(({ from }) => from));
  const nodes = nodesOf(app);
  for (const node of nodes) if (dead.has(node.key) && !isRead.has(node.key)) node.column = 3;
  return {
    nodes,
    edges: edges.filter(({ from, to }) => [from, to].every((key) => nodes.some((node) => node.key === key))),
  };
}

/** ARN of the queue to which a queue's messages go in the end. @param {import('../../template/app.ts').AppQueue} queue */
export function deadLetterArnOf({ attributes }) {
  try {
    const { deadLetterTargetArn } = JSON.parse(attributes['RedrivePolicy'] ?? '{}');
    return typeof deadLetterTargetArn === 'string' ? deadLetterTargetArn : undefined;
  } catch {
    return undefined;
  }
}

/** @param {Kind} kind @param {number} column @param {readonly { id: string }[]} declared */
const inColumn = (kind, column, declared) =>
  declared.map(({ id }) => ({ key: `${kind}/${id}`, kind, id, column }));

/** @param {Kind} kind @param {readonly { id: string; arn: string }[]} declared */
const arnsOf = (kind, declared) =>
  declared.map(({ id, arn }) => /** @type {const} */ ([arn, `${kind}/${id}`]));

/** @param {PlayedApp} app @returns {GraphNode[]} */
function nodesOf(app) {
  return [
    ...inColumn('gateway', 0, app.gateways),
    ...inColumn(
      'schedule',
      0,
      app.triggers.filter(({ type }) => type === 'schedule'),
    ),
    ...inColumn(
      'rule',
      0,
      app.triggers.filter(({ type }) => type === 'eventbridge'),
    ),
    ...inColumn('function', 1, app.functions),
    ...inColumn('bucket', 2, app.buckets),
    ...inColumn('table', 2, app.tables),
    ...inColumn('queue', 2, app.queues),
    ...inColumn('topic', 2, app.topics),
    ...inColumn('stream', 2, app.streams),
    { key: 'mails', kind: /** @type {const} */ ('mails'), id: 'Mails', column: 2 },
  ];
}

/** @param {PlayedApp} app @returns {Map<string, string>} keys of nodes by ARN */
function arns(app) {
  return new Map([
    ...arnsOf('function', app.functions),
    ...arnsOf('bucket', app.buckets),
    ...arnsOf('table', app.tables),
    ...arnsOf('queue', app.queues),
    ...arnsOf('topic', app.topics),
    ...arnsOf('stream', app.streams),
    ...app.tables.flatMap(({ id, streamArn }) =>
      streamArn === undefined ? [] : [/** @type {const} */ ([streamArn, `table/${id}`])],
    ),
  ]);
}

/** @param {import('../../template/app.ts').AppTrigger} trigger @param {Map<string, string>} byArn */
function sourceOf(trigger, byArn) {
  if (trigger.type === 's3') return `bucket/${trigger.bucket}`;
  if (trigger.type === 'schedule') return `schedule/${trigger.id}`;
  if (trigger.type === 'eventbridge') return `rule/${trigger.id}`;
  return byArn.get(trigger.source);
}

/** What a variable of a function names. @param {string} value @param {PlayedApp} app @param {Map<string, string>} byArn */
function namedBy(value, app, byArn) {
  const arn = byArn.get(value);
  if (arn !== undefined) return arn;
  const queue = app.queues.find(({ name, url }) => name === value || url === value);
  if (queue !== undefined) return `queue/${queue.id}`;
  for (const [kind, declared] of Object.entries({
    bucket: app.buckets,
    table: app.tables,
    topic: app.topics,
    stream: app.streams,
    function: app.functions,
  })) {
    const found = declared.find(({ name }) => name === value);
    if (found !== undefined) return `${kind}/${found.id}`;
  }
  return undefined;
}
