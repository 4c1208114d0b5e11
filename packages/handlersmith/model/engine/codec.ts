/**
 * States as bytes. A model says once what a state is made of; the same lines write it and read it back, so that
 * the two cannot differ.
 *
 * @module
 */

/** Takes a value and gives it back: a packer writes it on the way, an unpacker gives what it read instead. */
export interface Codec {
  /** A number from 0 to 255. */
  byte(value: number): number;
  /** A number from 0 to 2³² - 1. */
  word(value: number): number;
  /** One of a list of names. */
  oneOf<Name extends string>(names: readonly Name[], value: Name): Name;
  /** At most `capacity` words. Takes the same room however many there are. */
  words(values: number[], capacity: number): number[];
}

/** Writes into the bytes it was last aimed at. */
export interface Packer extends Codec {
  aim(bytes: Uint8Array): void;
  /** How far it has come. */
  position(): number;
}

/** Reads from the bytes it was last aimed at. */
export interface Unpacker extends Codec {
  aim(bytes: Uint8Array, position: number): void;
}

export function packer(): Packer {
  let bytes: Uint8Array = new Uint8Array(0);
  let at = 0;
  const byte = (value: number): number => (bytes[at++] = value);
  const word = (value: number): number => {
    byte(value & 255);
    byte((value >>> 8) & 255);
    byte((value >>> 16) & 255);
    byte(value >>> 24);
    return value;
  };
  return {
    aim: (target) => {
      bytes = target;
      at = 0;
    },
    position: () => at,
    byte,
    word,
    oneOf: (names, value) => {
      byte(names.indexOf(value));
      return value;
    },
    words: (values, capacity) => {
      if (values.length > capacity)
        throw new RangeError(`${values.length} words where ${capacity} have room`);
      byte(values.length);
      for (let index = 0; index < capacity; index++) word(values[index] ?? 0);
      return values;
    },
  };
}

export function unpacker(): Unpacker {
  let bytes: Uint8Array = new Uint8Array(0);
  let at = 0;
  const byte = (): number => bytes[at++] ?? 0;
  const word = (): number => (byte() | (byte() << 8) | (byte() << 16) | (byte() << 24)) >>> 0;
  return {
    aim: (source, position) => {
      bytes = source;
      at = position;
    },
    byte,
    word,
    oneOf: (names, value) => names[byte()] ?? value,
    words: (values, capacity) => {
      const length = byte();
      values.length = 0;
      for (let index = 0; index < length; index++) values.push(word());
      at += 4 * (capacity - length);
      return values;
    },
  };
}
