/**
 * `pnpm bench --runner`: how fast items-api starts and answers when its template is played.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';

import { playTemplate } from '@handlersmith/local';

const template = join(import.meta.dirname, '../../../examples/items-api/template.yaml');
const milliseconds = process.argv.includes('--quick') ? 2_000 : 10_000;
const agent = new Agent({ keepAlive: true });

/** Sends a request and reads its answer to the end; gives the status and where it says something is. */
function send(url: string, body?: string): Promise<{ status: number; location: string }> {
  return new Promise((done, failed) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    request(url, { agent, headers, method: body === undefined ? 'GET' : 'POST' }, (answer) => {
      answer.resume();
      answer.once('end', () =>
        done({ status: answer.statusCode ?? 0, location: answer.headers.location ?? '' }),
      );
    })
      .once('error', failed)
      .end(body);
  });
}

/** Milliseconds of processor time of this process and of those it started, theirs included. */
function processorTime(): number {
  const tree = new Set([process.pid]);
  let sum = 0;
  // Children have higher ids than their parents, but for the day on which ids begin anew.
  for (const id of readdirSync('/proc')
    .map(Number)
    .filter(Boolean)
    .toSorted((a, b) => a - b)) {
    try {
      const [, after = ''] = readFileSync(`/proc/${id}/stat`, 'latin1').split(') ');
      const fields = after.split(' ');
      if (!tree.has(id) && !tree.has(Number(fields[1]))) continue;
      tree.add(id);
      // User and system, in hundredths of a second.
      sum += (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
      // It ended in between.
    }
  }
  return sum;
}

async function row(name: string, clients: number, call: () => Promise<{ status: number }>): Promise<string> {
  const begun = performance.now();
  const spent = process.platform === 'linux' ? processorTime() : Number.NaN;
  let answers = 0;
  const client = async (): Promise<void> => {
    while (performance.now() - begun < milliseconds) {
      // A client waits for its answer.
      // oxlint-disable-next-line no-await-in-loop
      const { status } = await call();
      if (status !== 200 && status !== 201) throw new Error(`${name}: ${status}`);
      answers += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const seconds = (performance.now() - begun) / 1000;
  const cpu = ((process.platform === 'linux' ? processorTime() : Number.NaN) - spent) / answers;
  return `${name.padEnd(24)} ${(answers / seconds).toFixed(0).padStart(6)} requests/s ${cpu.toFixed(2).padStart(7)} ms CPU each, all processes`;
}

const began = performance.now();
await using app = await playTemplate(template, { watch: false });
const started = performance.now();
const [url = ''] = Object.values(app.urls);
const item = '{"name":"lamp","price":1200}';
const { location } = await send(`${url}/items`, item);
const answered = performance.now();
// To be warm: as many environments as there will be clients.
for (let index = 0; index < 100; index += 1)
  // oxlint-disable-next-line no-await-in-loop
  await Promise.all(Array.from({ length: 4 }, () => send(`${url}${location}`)));

const lines = [
  `items-api played by playTemplate, on ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`,
  `app started in ${(started - began).toFixed(0)} ms, first answer ${(answered - started).toFixed(0)} ms later`,
  await row('GET an item, 1 client', 1, () => send(`${url}${location}`)),
  await row('GET an item, 4 clients', 4, () => send(`${url}${location}`)),
  await row('POST an item, 4 clients', 4, () => send(`${url}/items`, item)),
  'Target: 500 requests/s on two quiet cores, clients included.',
];
process.stdout.write(`${lines.join('\n')}\n`);
agent.destroy();
