/**
 * The data of a Kinesis record.
 *
 * @module
 */
import { type Checked, checkOf } from '../handler/schema.ts';
import { isThenable } from '../handler/thenable.ts';
import { inWords, refused } from '../records/refusal.ts';
import type { KinesisOptions } from './options.ts';

/** What the Kinesis Producer Library begins a record with into which it has packed several. No JSON begins so. */
const AGGREGATED = [0xf3, 0x89, 0x9a, 0xc2];

/**
 * Makes the function that reads the data of records, once, when the handler is built.
 *
 * @returns throws a permanent failure where the data is no JSON or does not match its schema
 * @throws TypeError when the option is no schema
 */
export function dataReaderOf(factory: string, options: KinesisOptions): (base64: string) => unknown {
  const { data: schema, format = schema === undefined ? 'bytes' : 'json' } = options;
  const check = schema === undefined ? undefined : checkOf(`${factory}: data`, schema);
  if (format === 'bytes') return (base64) => Buffer.from(base64, 'base64');
  if (check === undefined) return parsed;
  return (base64) => {
    const checked = check(parsed(base64));
    return isThenable(checked) ? Promise.resolve(checked).then(valueOf) : valueOf(checked);
  };
}

function valueOf(checked: Checked): unknown {
  if (checked.issues !== undefined)
    throw refused(`data does not match its schema: ${inWords(checked.issues)}`);
  return checked.value;
}

function parsed(base64: string): unknown {
  const bytes = Buffer.from(base64, 'base64');
  // No permanent failure: there is nothing wrong with the records in it, and none may be dropped.
  if (AGGREGATED.every((byte, index) => bytes[index] === byte))
    throw new Error(
      "A record was aggregated by the Kinesis Producer Library: turn AggregationEnabled off there, or take it apart yourself with format: 'bytes'",
    );
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw refused('data is not JSON'); // the parser's own message shows a piece of it
  }
}
