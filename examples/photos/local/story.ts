/**
 * The demo's words on the terminal, and its doubts.
 *
 * @module
 */
import { isDeepStrictEqual, styleText } from 'node:util';

/** Something did not come as the story tells it. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected';
}

/** Seconds that something may take on a busy machine. */
const PATIENCE = 30;

let chapters = 0;

export function chapter(title: string): void {
  chapters += 1;
  console.log(`\n${styleText('bold', `${chapters}. ${title}`)}`);
}

/** What was done, and what came of it. */
export function tell(line: string): void {
  console.log(`   ${line}`);
}

/** What the servers say. */
export function readBack(line: string): void {
  console.log(styleText('green', `   ✓ ${line}`));
}

/** @throws Unexpected unless both are alike */
export function expectSame(what: string, found: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(found, expected))
    throw new Unexpected(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
}

/**
 * Looks until something holds.
 *
 * @throws Unexpected after half a minute
 */
export async function until<Value>(
  what: string,
  look: () => Value | Promise<Value>,
  holds: (value: Value) => boolean,
): Promise<Value> {
  const end = performance.now() + PATIENCE * 1000;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- looking again is the point
    const value = await look();
    if (holds(value)) return value;
    if (performance.now() > end)
      throw new Unexpected(`waited ${PATIENCE} s for ${what}, found ${JSON.stringify(value)}`);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export function bytesText(bytes: number): string {
  return `${bytes.toLocaleString('en-US')} bytes`;
}

export function milliseconds(duration: number): string {
  return `${Math.round(duration)} ms`;
}
