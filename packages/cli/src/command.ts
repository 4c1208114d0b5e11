/**
 * What a command is: what it takes, and what helps to use it. How it works is loaded when it runs.
 *
 * @module
 */
import type { Terminal } from './terminal.ts';

export interface Argument {
  readonly name: string;
  readonly help: string;
  readonly required?: true;
}

export interface Option {
  /** `flag` is there or not, `list` may be given more than once. */
  readonly kind: 'flag' | 'text' | 'number' | 'list';
  /** What stands for the value in the help: `file`. */
  readonly value?: string;
  readonly help: string;
  readonly choices?: readonly string[];
}

export type Options = Readonly<Record<string, Option>>;

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What else there is to know, by paragraphs. A line that begins with a space stays as it is. */
  readonly about: readonly string[];
  readonly arguments: readonly Argument[];
  readonly options: Options;
  readonly examples: readonly { readonly command: string; readonly does: string }[];
  /** Loads how it works: help must not wait for that. */
  readonly load: () => Promise<Program>;
}

export interface Program {
  /**
   * @returns the exit code
   * @throws WrongUse, Failed or whatever else keeps it from working
   */
  readonly run: (input: Input, terminal: Terminal) => Promise<number>;
}

/** Arguments and options as they were given, checked. */
export interface Input {
  readonly arguments: readonly (string | undefined)[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  list(name: string): readonly string[];
  /** Whether any of the options was given. */
  has(names: readonly string[]): boolean;
}
