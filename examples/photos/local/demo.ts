/**
 * Plays the app from its template and tells what happens. Ends with 0 if the servers say so too.
 *
 * @module
 */
import { styleText } from 'node:util';

import { runningClock } from '@handlersmith/local';

import { chain } from './chain.ts';
import { brokenPhoto, poisonedMessage } from './failures.ts';
import { lookInto } from './look.ts';
import { leftovers, nightlyReport, sweeping } from './night.ts';
import { endOnSignals } from './signals.ts';
import { startPhotos } from './start.ts';
import { milliseconds, Unexpected } from './story.ts';
import { uploads } from './uploads.ts';

const DAY_MS = 86_400_000;

const startedAt = performance.now();
// The story begins at noon, whatever the time is: no night comes before it is told of.
const clock = runningClock();
clock.moveTo(Math.ceil(Date.now() / DAY_MS) * DAY_MS + DAY_MS / 2);
const starting = startPhotos({ watch: false, clock });
const isEnding = endOnSignals(async () => (await starting).stop());
const photos = await starting;
const { local, page, url } = photos;
const { functions, tables, buckets, queues } = local.app;
const look = lookInto(local);

console.log(styleText('bold', 'photos: examples/photos/template.yaml, played on this machine'));
console.log(
  `${functions.length} functions, ${tables.length} tables, ${buckets.length} bucket and ${queues.length} queues in ${milliseconds(photos.took)}; no Docker, no account`,
);
console.log(`page ${page.url}\napi  ${url}`);
try {
  const made = await uploads(url, look);
  await chain(url, look, made);
  const broken = await brokenPhoto(photos, look, made);
  await poisonedMessage(photos, look, made);
  const left = await leftovers(photos, look, made);
  await nightlyReport(photos, look, broken);
  await sweeping(photos, look, made, left);
  const entries = local.journal.entries();
  const failed = entries.filter(({ result }) => result?.ok === false).length;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    styleText(
      'green',
      `\nEverything came as told: ${entries.length} invocations, ${failed} of them failed as they were to, ${seconds} s.`,
    ),
  );
  console.log('\n`pnpm dev` keeps it up, with the page.\n');
} catch (error) {
  if (!isEnding()) {
    process.exitCode = 1;
    if (!(error instanceof Unexpected)) throw error;
    console.error(styleText('red', `\nNot as told. ${error.message}`, { stream: process.stderr }));
    for (const { function: name, trigger, result } of local.journal.entries())
      if (result?.ok === false) console.error(`${name}, ${trigger.summary}: ${result.error.errorMessage}`);
  }
} finally {
  look.close();
  await photos.stop();
}
