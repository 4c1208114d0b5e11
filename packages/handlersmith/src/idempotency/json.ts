/**
 * The value that comes back from a store: the JSON of what went in.
 *
 * @module
 */

type Dropped = ((...parameters: never) => unknown) | symbol;

/**
 * What JSON makes of a value: dates become strings, functions go, `undefined` fields are left out. First callers get
 * it like later ones, so that nothing works once and fails on the replay.
 */
export type Replayable<T> = unknown extends T
  ? T
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends { toJSON(...parameters: never): infer Json }
      ? Replayable<Json>
      : T extends Dropped
        ? undefined
        : T extends bigint
          ? never
          : T extends readonly unknown[]
            ? { [Index in keyof T]: Replayable<T[Index]> }
            : {
                [
                  Key in keyof T as Key extends symbol ? never : T[Key] extends Dropped ? never : Key
                ]: Replayable<T[Key]>;
              };

/** A value as JSON text; `undefined` for nothing. */
export function writeJson(value: unknown): string | undefined {
  return JSON.stringify(value);
}

/** The value of a JSON text. */
export function readJson(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}
