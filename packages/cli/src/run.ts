/**
 * Runs a command line.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { debuglog } from 'node:util';

import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { commandHelp, programHelp } from './help.ts';
import { readInput } from './input.ts';
import { didYouMean } from './nearest.ts';
import { EXIT, messageOf, WrongUse } from './problem.ts';
import { ownTerminal, paintFor, type Terminal, writeLine } from './terminal.ts';

const debug = debuglog('handlersmith');

/**
 * Runs `handlersmith` with the words that follow it.
 *
 * @param words - such as `['event', 's3', '--set', 'key=a.jpg']`
 * @param terminal - where it reads and writes. Default: that of this process
 * @returns the exit code: 0 all went well, 1 what was asked for failed, 2 wrong use. Never rejects
 * @example
 * process.exitCode = await runCli(process.argv.slice(2));
 */
export async function runCli(words: readonly string[], terminal: Terminal = ownTerminal()): Promise<number> {
  const [first = '', ...rest] = words;
  let command: Command | undefined;
  try {
    if (first === '--version' || first === '-v') return told(terminal, version());
    if (first === '--help' || first === '-h') return told(terminal, programHelp(commands));
    if (first === 'help') return told(terminal, helpOf(rest));
    if (first === '') {
      writeLine(terminal.stderr, programHelp(commands));
      return EXIT.wrongUse;
    }
    command = commandOf(first);
    const input = readInput(command, rest);
    if (input.flag('help')) return told(terminal, commandHelp(command));
    const { run } = await command.load();
    return await run(input, terminal);
  } catch (error) {
    return tell(error, command, terminal);
  }
}

function helpOf([name]: readonly string[]): string {
  return name === undefined ? programHelp(commands) : commandHelp(commandOf(name));
}

function commandOf(name: string): Command {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = commands.map((command) => command.name);
  const what = name.startsWith('-') ? 'option' : 'command';
  throw new WrongUse(
    `There is no ${what} ${name}.${didYouMean(name, names)} There are: ${names.join(', ')}.`,
  );
}

function told({ stdout }: Terminal, text: string): number {
  writeLine(stdout, text);
  return EXIT.ok;
}

/** Says in a line what is wrong. `NODE_DEBUG=handlersmith` says where it was thrown. */
function tell(error: unknown, command: Command | undefined, terminal: Terminal): number {
  const name = command === undefined ? 'handlersmith' : `handlersmith ${command.name}`;
  const paint = paintFor(terminal.stderr, terminal);
  writeLine(terminal.stderr, `${paint('red', `${name}:`)} ${messageOf(error)}`);
  debug('%o', error);
  if (!(error instanceof WrongUse)) return EXIT.failed;
  writeLine(terminal.stderr, `See ${name} --help.`);
  return EXIT.wrongUse;
}

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version; // our own
}
