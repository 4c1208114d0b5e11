/**
 * Keeps the app up until Ctrl-C, with its page. A change of a source is there with the next event.
 *
 * @module
 */
import { endOnSignals } from './signals.ts';
import { startPhotos } from './start.ts';
import { milliseconds } from './story.ts';

const asked = process.env['PORT'];
const starting = startPhotos(asked === undefined ? {} : { ports: { HttpApi: Number(asked) } });
endOnSignals(async () => (await starting).stop(), 0);
const { local, page, url, took } = await starting;

console.log(`photos in ${milliseconds(took)}, all in memory. Ctrl-C ends it.\n`);
console.log(`  page ${page.url}`);
console.log(`  api  ${url}\n`);
console.log(`  curl -i '${url}/photos?name=cat.jpg' -H 'idempotency-key: 1' --data-binary @cat.jpg\n`);
local.journal.follow((change) => {
  if (change.change === 'note') console.log(`${change.note.kind}: ${change.note.text}`);
  if (change.change !== 'end') return;
  const { function: name, trigger, result } = change.entry;
  const outcome = result?.ok === false ? `failed: ${result.error.errorMessage}` : 'done';
  console.log(`${name}, ${trigger.summary}: ${outcome} in ${milliseconds(result?.duration ?? 0)}`);
});
