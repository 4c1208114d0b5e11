import { readFile } from 'node:fs/promises';

import { playTemplate } from '@handlersmith/local';

await using app = await playTemplate('template.yaml');
const answer = await fetch(`${app.urls['HttpApi']}/photos?name=cat.jpg`, {
  method: 'POST',
  headers: { 'idempotency-key': 'first' },
  body: await readFile('cat.jpg'),
});
console.log(answer.status, await answer.text());
