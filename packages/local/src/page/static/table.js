// @ts-check
/**
 * A table: its keys and its items.
 *
 * @module
 */
import { element, keep } from './element.js';
import { code, facts, section } from './form.js';
import { plainItem, shortened } from './format.js';
import { call, pathOf } from './server.js';

/** @param {import('./state.js').PlayedApp} app @param {string} id @returns {import('./detail.js').View | undefined} */
export function tableView(app, id) {
  const table = app.tables.find((one) => one.id === id);
  if (table === undefined) return undefined;
  const keys = keysOf(table.create['KeySchema']);
  const list = element('ul', { class: 'things' });
  const empty = element(
    'p',
    { class: 'empty', hidden: true },
    'No items. They appear here as soon as a function writes one.',
  );
  /** Items of the pages after the first. @type {object[]} */
  const more = [];
  /** @type {object | null} */
  let next = null;
  /** @type {object[]} */
  let first = [];

  const show = () => {
    const items = [...first, ...more];
    keep(
      list,
      items,
      (item) => JSON.stringify(item),
      (item) => itemLine(item, keys),
    );
    empty.hidden = items.length > 0;
    button.hidden = next === null;
  };
  const further = async () => {
    const page = await call(
      `${pathOf('tables', table.name)}?start=${encodeURIComponent(JSON.stringify(next))}`,
    );
    more.push(...page.items);
    ({ next } = page);
    show();
  };
  const button = element(
    'button',
    {
      type: 'button',
      hidden: true,
      onclick: () => {
        further().catch((error) =>
          button.after(element('p', { class: 'fault', role: 'alert' }, String(error))),
        );
      },
    },
    'Show more',
  );
  return {
    kind: 'Table',
    title: id,
    body: [
      facts([
        ['Name', table.name],
        ['Key', keys.join(', ')],
        ['Stream', table.streamArn === undefined ? 'none' : 'on'],
        ['Expires by', table.expiresBy],
      ]),
      section('Items', list, empty, button),
    ],
    async refresh() {
      const page = await call(pathOf('tables', table.name));
      first = page.items;
      if (more.length === 0) ({ next } = page);
      show();
    },
  };
}

/** @param {unknown} schema @returns {string[]} */
function keysOf(schema) {
  if (!Array.isArray(schema)) return [];
  return schema.flatMap((one) => (typeof one?.AttributeName === 'string' ? [one.AttributeName] : []));
}

/** @param {object} item @param {readonly string[]} keys */
function itemLine(item, keys) {
  const all = plainItem(item);
  const rest = Object.entries(all).filter(([name]) => !keys.includes(name));
  const others = rest
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');
  return element(
    'li',
    {},
    element(
      'details',
      {},
      element(
        'summary',
        {},
        element('strong', {}, keys.map((name) => String(all[name])).join(' / ')),
        ' ',
        element('span', { class: 'quiet' }, shortened(others, 160)),
      ),
      code(JSON.stringify(all, undefined, 2), 'Item'),
    ),
  );
}
