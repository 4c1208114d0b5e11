/**
 * The sweep: deletes what no row refers to, and what no write can refer to any more.
 *
 * It needs no clock. Before it deletes a blob it raises the generation of the write (S3), under which the blob could
 * still have been committed; then it looks at the row once more (S4). Whoever committed before is seen there, and who
 * comes later is refused, and stages again under another key.
 *
 * @module
 */
import { Attempt, type Step } from './attempt.ts';
import { OutcomeUnknown } from './errors.ts';
import { fence } from './fence.ts';
import { type BlobName, parseBlobKey } from './names.ts';
import { readRow } from './row.ts';
import type { Settings } from './settings.ts';
import { daysOf, type Position, readPosition, writePosition } from './sweep-days.ts';
import { listBlobs, listDays, type ListedBlob, namedVersions } from './sweep-list.ts';
import { checkSweepOptions, type SweepOptions, type SweepReport } from './sweep-options.ts';
import { withProgress } from './sweep-progress.ts';
import { errorName } from './transient.ts';

const DEFAULT_CONCURRENCY = 16;

/**
 * What DynamoDB says of a key that rows of the table cannot have. Such a blob is left of a write that was refused, or
 * the table is not the one it belongs to; whichever it is, one blob must not end all sweeps.
 */
const NO_SUCH_KEY = new Set(['ValidationException', 'SerializationException']);

/** One sweep under way. */
interface Sweep {
  readonly attempt: Attempt;
  readonly options: SweepOptions;
  readonly days: string[];
  readonly counts: Counts;
  position: Position | undefined;
}

type Counts = Record<'listed' | 'live' | 'orphans' | 'kept' | 'fenced' | 'deleted', number>;

/**
 * Goes through the days. Any number of sweeps may run at a time, and each may end anywhere: what it has not done, or
 * done twice, another does.
 *
 * @throws TypeError for wrong options
 * @throws what a service refuses for good, such as missing rights
 */
export async function sweep(settings: Settings, options: SweepOptions): Promise<SweepReport> {
  checkSweepOptions(options);
  const { records } = settings;
  if (options.resume !== true || records === undefined) return sweepFrom(settings, options, options.next);
  return withProgress(settings, records, options, (timing, next, since) =>
    sweepFrom(settings, { ...options, ...timing }, next, since),
  );
}

async function sweepFrom(
  settings: Settings,
  options: SweepOptions,
  next: string | undefined,
  since?: number,
): Promise<SweepReport> {
  const counts: Counts = { listed: 0, live: 0, orphans: 0, kept: 0, fenced: 0, deleted: 0 };
  const attempt = new Attempt(settings, 'sweep', options);
  const position = next === undefined ? undefined : readPosition(next);
  const under: Sweep = { attempt, options, days: [], counts, position };
  try {
    under.position ??= {
      days: daysOf(await listDays(attempt), options, attempt.startedAt, since),
      after: '',
    };
    await sweepDays(under, under.position);
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error;
    options.logger?.warn('The sweep ended early; another goes on where it was', error);
    return reportOf(under, false);
  }
  return reportOf(under, under.position.days.length === 0);
}

function reportOf({ days, counts, position }: Sweep, complete: boolean): SweepReport {
  const next = complete || position === undefined ? undefined : writePosition(position);
  return { days, ...counts, complete, next };
}

async function sweepDays(under: Sweep, { days, after }: Position): Promise<void> {
  for (const [index, day] of days.entries()) {
    under.days.push(day);
    const rest = days.slice(index);
    // oxlint-disable-next-line no-await-in-loop -- one day after the other
    if (!(await sweepDay(under, rest, index === 0 ? after : ''))) return;
    under.position = { days: rest.slice(1), after: '' };
  }
}

/** @returns whether it came to the end of the first day */
async function sweepDay(under: Sweep, days: readonly string[], after: string): Promise<boolean> {
  const { attempt, options, counts } = under;
  const [day = ''] = days;
  under.position = { days, after };
  for await (const blobs of chunks(listBlobs(attempt, day, after), options.concurrency)) {
    const room = (options.limit ?? Infinity) - counts.listed;
    const taken = blobs.slice(0, room);
    await settled(taken.map((blob) => sweepBlob(under, blob)));
    under.position = { days, after: taken.at(-1)?.key ?? under.position.after };
    if (taken.length < blobs.length) return false;
  }
  return true;
}

async function* chunks(
  blobs: AsyncGenerator<ListedBlob>,
  size = DEFAULT_CONCURRENCY,
): AsyncGenerator<ListedBlob[]> {
  let chunk: ListedBlob[] = [];
  for await (const blob of blobs) {
    if (chunk.push(blob) < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Waits for all, also when one fails: nothing of a sweep goes on after it. */
async function settled(visits: readonly Promise<void>[]): Promise<void> {
  const failures = (await Promise.allSettled(visits)).flatMap((visit) =>
    visit.status === 'rejected' ? [visit.reason as unknown] : [],
  );
  if (failures.length === 0) return;
  // What is wrong for good goes before what may pass.
  throw failures.find((failure) => !(failure instanceof OutcomeUnknown)) ?? failures[0];
}

/** One blob. The row decides, never the record: that may have expired, or tell of a blob that was retired since. */
async function sweepBlob({ attempt, options, counts }: Sweep, blob: ListedBlob): Promise<void> {
  const { settings } = attempt;
  const name = parseBlobKey(settings.prefix, blob.key);
  counts.listed += 1;
  if (name === undefined) {
    counts.kept += 1;
    return;
  }
  // S2: most blobs are in use, and this is all that there is to do about them.
  let live: boolean;
  try {
    live = await isLive(attempt, 'S2', name, blob.key);
  } catch (error) {
    if (!NO_SUCH_KEY.has(errorName(error))) throw error;
    options.logger?.warn('A blob is kept: the table takes no row of the key that it names', error as Error); // it has a name
    counts.kept += 1;
    return;
  }
  if (live) {
    counts.live += 1;
    return;
  }
  if (options.dryRun === true) {
    counts.orphans += 1;
    return;
  }
  // S3, and only then S4: a commit between S2 and S3 is seen by the second look, and after S3 there is none.
  if (await fence(attempt, name)) counts.fenced += 1;
  if (await isLive(attempt, 'S4', name, blob.key)) {
    counts.live += 1;
    return;
  }
  counts.orphans += 1;
  await deleteOrphan(attempt, blob);
  counts.deleted += 1;
  settings.emit({ type: 'orphanSwept', blobKey: blob.key }, options.logger);
}

async function isLive(attempt: Attempt, step: Step, { rowKey }: BlobName, key: string): Promise<boolean> {
  return (await readRow(attempt, step, rowKey))?.blob?.key === key;
}

/** S5: with all its versions. One that is gone already counts as deleted. */
async function deleteOrphan(attempt: Attempt, blob: ListedBlob): Promise<void> {
  const { client, sdk } = await attempt.settings.s3();
  for (const version of namedVersions(blob)) {
    const input = {
      Bucket: attempt.settings.bucket,
      Key: blob.key,
      ...(version === undefined ? {} : { VersionId: version }),
    };
    // oxlint-disable-next-line no-await-in-loop -- one mostly
    await attempt.send('S5', (options) => client.send(new sdk.DeleteObjectCommand(input), options));
  }
}
