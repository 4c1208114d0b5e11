/**
 * The fields of an upload: kept with its record until it is completed.
 *
 * @module
 */
import { types } from 'node:util';

/**
 * Fields as JSON text; `undefined` for none.
 *
 * @throws TypeError naming a field that JSON would lose: whoever completes the upload would be given another
 */
export function fieldsText(operation: string, fields: unknown): string | undefined {
  return JSON.stringify(fields, function (this: unknown, name: string, value: unknown): unknown {
    // As it was before its toJSON. JSON.stringify calls it on the holder.
    const held: unknown = Reflect.get(this as object, name);
    const lost = whatIsLost(held);
    if (lost !== undefined) {
      throw new TypeError(
        `${operation}: fields are kept as JSON until the upload is completed, and "${name}" is ${lost}, which JSON cannot hold`,
      );
    }
    return value;
  });
}

function whatIsLost(value: unknown): string | undefined {
  if (typeof value === 'bigint') return 'a bigint';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (types.isMap(value)) return 'a Map';
  if (types.isSet(value)) return 'a Set';
  return ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value) ? 'bytes' : undefined;
}
