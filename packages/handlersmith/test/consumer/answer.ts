// Lets a handler answer: `answer.ts <module>` prints the answers as JSON.
import { request } from '@handlersmith/testing';

const { handler } = await import(process.argv[2] ?? '');

const made = await request(handler, 'POST /items', {
  headers: { origin: 'https://app.example.com' },
  body: { name: 'lamp', price: 12 },
});
const refused = await request(handler, 'POST /items', { body: { name: '', price: 'free' } });
const answers = [made, refused].map((response) => ({
  status: response.status,
  type: response.header('content-type'),
  origin: response.header('access-control-allow-origin'),
  body: response.json(),
}));
process.stdout.write(`\n${JSON.stringify(answers)}\n`);
