/**
 * Says what takes long.
 *
 * @module
 */
import type { Terminal } from '../terminal.ts';

/** Milliseconds after which somebody wonders. */
const PATIENCE_MS = 1_000;

/**
 * Waits for work. Where it takes longer than a second, says what it is about; on a screen, the line goes away again.
 *
 * @param what - such as `Starting template.yaml`
 */
export async function withProgress<Result>(
  { stderr }: Terminal,
  what: string,
  work: Promise<Result>,
): Promise<Result> {
  const onScreen = stderr.isTTY === true;
  const said: string[] = [];
  const timer = setTimeout(() => {
    said.push(what);
    stderr.write(onScreen ? `${what}…` : `${what}…\n`);
  }, PATIENCE_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    if (onScreen && said.length > 0) stderr.write('\r\u001B[2K');
  }
}
