/**
 * The data of a Kinesis record.
 *
 * @module
 */
import { type Checked, checkOf } from '../handler/schema.ts';
import { isThenable } from '../handler/thenable.ts';
import { inWords, refused } from '../records/refusal.ts';
import { isMarked } from './aggregate.ts';
import type { KinesisOptions } from './options.ts';

/**
 * Makes the function that reads the data of records, once, when the handler is built.
 *
 * @returns throws a permanent failure where the data is no JSON or does not match its schema
 * @throws TypeError when the option is no schema
 */
export function dataReaderOf(factory: string, options: KinesisOptions): (bytes: Buffer) => unknown {
  const { data: schema, format = schema === undefined ? 'bytes' : 'json' } = options;
  const check = schema === undefined ? undefined : checkOf(`${factory}: data`, schema);
  if (format === 'bytes') return (bytes) => bytes;
  if (check === undefined) return parsed;
  return (bytes) => {
    const checked = check(parsed(bytes));
    return isThenable(checked) ? Promise.resolve(checked).then(valueOf) : valueOf(checked);
  };
}

function valueOf(checked: Checked): unknown {
  if (checked.issues !== undefined)
    throw refused(`data does not match its schema: ${inWords(checked.issues)}`);
  return checked.value;
}

function parsed(bytes: Buffer): unknown {
  // No permanent failure: there is nothing wrong with the records that may be in it, and none may be dropped.
  if (isMarked(bytes))
    throw new Error(
      'A record begins like one that the Kinesis Producer Library aggregated, but is broken: its length, its MD5 or a key in it is wrong. Look at the producer',
    );
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw refused('data is not JSON'); // the parser's own message shows a piece of it
  }
}
