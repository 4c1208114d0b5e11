/**
 * A short tour of the API.
 *
 * @module
 */
import { Item, ItemPage } from '../src/schemas.ts';
import type { Play } from './play.ts';

const LAMP = { name: 'Lamp', price: 4900, tags: ['light'] };
const PROBLEM = { 'content-type': /^application\/problem\+json/u };
const PAGE_ORIGIN = 'https://app.example.com';

export async function tour(play: Play): Promise<void> {
  const made = await play(
    'Make an item',
    'POST /items',
    { body: LAMP },
    {
      status: 201,
      headers: { location: /^\/items\/itm_[0-9a-f]{44}$/u, etag: '"1"' },
      body: { ...LAMP, version: 1 },
    },
  );
  const lamp = Item.parse(made.json);
  const path = `/items/${lamp.id}`;

  await play('Read it', `GET ${path}`, {}, { status: 200, headers: { etag: '"1"' }, body: lamp });
  await play(
    'Read it again, knowing it',
    `GET ${path}`,
    { headers: { 'if-none-match': '"1"' } },
    { status: 304, body: '' },
  );

  const rug = { name: 'Rug', price: 15_900 };
  const chair = { name: 'Chair', price: 8900 };
  await play('Make another', 'POST /items', { body: rug }, { status: 201, body: { ...rug, tags: [] } });
  await play('And one more', 'POST /items', { body: chair }, { status: 201 });

  const first = await play(
    'List, two at a time',
    'GET /items?limit=2',
    {},
    {
      status: 200,
      body: { items: [{ id: lamp.id }, { name: 'Rug' }] },
    },
  );
  const { cursor = '' } = ItemPage.parse(first.json);
  await play(
    'The rest of the list',
    `GET /items?limit=2&cursor=${cursor}`,
    {},
    {
      status: 200,
      body: { items: [{ name: 'Chair' }] },
    },
  );

  const cheaper = { ...LAMP, price: 3900 };
  await play(
    'Change it, as the version that was read',
    `PUT ${path}`,
    { headers: { 'if-match': '"1"' }, body: cheaper },
    {
      status: 200,
      headers: { etag: '"2"' },
      body: { ...cheaper, version: 2 },
    },
  );
  await play(
    'Change it as a version that is gone',
    `PUT ${path}`,
    { headers: { 'if-match': '"1"' }, body: LAMP },
    {
      status: 412,
      headers: PROBLEM,
    },
  );
  await play(
    'Change it without saying which version',
    `PUT ${path}`,
    { body: LAMP },
    { status: 428, headers: PROBLEM },
  );

  await play(
    'Wrong and unknown fields',
    'POST /items',
    { body: { name: '', price: '49', colour: 'red' } },
    {
      status: 400,
      headers: PROBLEM,
      body: { status: 400 },
    },
  );
  await play('Not JSON', 'POST /items', { body: '{"name":' }, { status: 400, headers: PROBLEM });
  await play('A cursor nobody gave', 'GET /items?cursor=b29wcw', {}, { status: 400, headers: PROBLEM });
  await play(
    'A method the path does not know',
    `PATCH ${path}`,
    { body: {} },
    {
      status: 405,
      headers: { allow: /GET.*PUT.*DELETE/u },
    },
  );

  await play(
    'What a browser asks first',
    `OPTIONS ${path}`,
    {
      headers: {
        origin: PAGE_ORIGIN,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'if-match',
      },
    },
    {
      status: 204,
      headers: { 'access-control-allow-origin': PAGE_ORIGIN, 'access-control-allow-methods': /PUT/u },
      body: '',
    },
  );

  await play('Delete it', `DELETE ${path}`, {}, { status: 204, body: '' });
  await play(
    'It is gone',
    `GET ${path}`,
    { headers: { origin: PAGE_ORIGIN } },
    {
      status: 404,
      headers: { ...PROBLEM, 'access-control-allow-origin': PAGE_ORIGIN },
      body: { detail: `No item ${lamp.id}` },
    },
  );
}
