/**
 * Where a command reads and writes.
 *
 * @module
 */
import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';

/** A stream to write to, which may be a screen. */
export type Output = Writable & { readonly isTTY?: boolean };

/** What a command has around it. */
export interface Terminal {
  readonly stdin: Readable;
  /** Results alone: what a next program reads. */
  readonly stdout: Output;
  /** Everything that is for people. */
  readonly stderr: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths start from. */
  readonly folder: string;
}

/** The terminal of this process. */
export function ownTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  return { stdin, stdout, stderr, environment: env, folder: process.cwd() };
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Writes text in a style, or plain where nobody wants colours. */
export type Paint = (style: Style, text: string) => string;

/**
 * Colours for an output: on a screen only, and not where `NO_COLOR` is set.
 *
 * @see https://no-color.org
 */
export function paintFor({ isTTY }: Output, { environment }: Pick<Terminal, 'environment'>): Paint {
  const { NO_COLOR: noColor = '', TERM: term } = environment;
  if (isTTY !== true || noColor !== '' || term === 'dumb') return (_, text) => text;
  return (style, text) => styleText(style, text, { validateStream: false });
}

/** Writes one line, whatever it holds. */
export function writeLine(output: Writable, text: string): void {
  output.write(`${text}\n`);
}
