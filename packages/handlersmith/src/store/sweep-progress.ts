/**
 * S0: where the last sweep ended, kept with the records.
 *
 * @module
 */
import { Attempt, type Timing } from './attempt.ts';
import { OutcomeUnknown } from './errors.ts';
import { fromItem, type Item, toItem } from './item.ts';
import type { RecordTable, Settings } from './settings.ts';
import type { SweepOptions, SweepReport } from './sweep-options.ts';

/** Milliseconds kept back for telling where it ended. */
const RESERVE_MS = 500;

const NOT_BEGUN: SweepReport = Object.freeze({
  days: [],
  listed: 0,
  live: 0,
  orphans: 0,
  kept: 0,
  fenced: 0,
  deleted: 0,
  complete: false,
  next: undefined,
});

interface Progress {
  /** Milliseconds since 1970 at which the last sweep that began anew did so. */
  readonly startedAt: number;
  /** Where it goes on; nothing when it came to its end. */
  readonly next?: string | undefined;
}

/**
 * Goes on where the last sweep ended, and keeps where this one does. Two at a time do the same work twice, and no harm.
 *
 * @param go - sweeps, in the time it is told, from a position or from the days due since a time
 */
export async function withProgress(
  settings: Settings,
  records: RecordTable,
  options: SweepOptions,
  go: (timing: Timing, next: string | undefined, since: number) => Promise<SweepReport>,
): Promise<SweepReport> {
  const { remaining } = options;
  const attempt = new Attempt(settings, 'sweep', options);
  let last: Progress | undefined;
  try {
    last = await readProgress(attempt, records);
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error;
    options.logger?.warn('The sweep has not begun; the next one goes on where the last was', error);
    return NOT_BEGUN;
  }
  const report = await go(
    remaining === undefined ? {} : { remaining: () => remaining() - RESERVE_MS },
    last?.next,
    last?.startedAt ?? -Infinity,
  );
  if (!report.complete && report.next === undefined) return report; // it has not begun
  const startedAt = last?.next === undefined ? attempt.startedAt : last.startedAt;
  try {
    await keepProgress(attempt, records, { startedAt, next: report.next });
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error;
    options.logger?.warn(
      'Where the sweep ended could not be kept; the next one does some of it again',
      error,
    );
  }
  return report;
}

function keyOf({ bucket, prefix }: Settings, records: RecordTable): Item {
  return {
    [records.partitionKey]: { S: `sweep#${bucket}/${prefix}` },
    [records.sortKey]: { S: 'progress' },
  };
}

async function readProgress(attempt: Attempt, records: RecordTable): Promise<Progress | undefined> {
  const { settings } = attempt;
  const { client, sdk } = await settings.dynamodb();
  const input = { TableName: records.table, Key: keyOf(settings, records), ConsistentRead: true };
  const { Item: item } = await attempt.send('S0', (options) =>
    client.send(new sdk.GetItemCommand(input), options),
  );
  return item === undefined ? undefined : (fromItem(item) as unknown as Progress); // written below alone
}

async function keepProgress(attempt: Attempt, records: RecordTable, progress: Progress): Promise<void> {
  const { settings } = attempt;
  const { client, sdk } = await settings.dynamodb();
  const input = {
    TableName: records.table,
    Item: { ...toItem('progress', progress), ...keyOf(settings, records) },
  };
  await attempt.send('S0', (options) => client.send(new sdk.PutItemCommand(input), options));
}
