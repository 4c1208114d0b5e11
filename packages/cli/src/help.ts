/**
 * Help texts, made of what commands are.
 *
 * @module
 */
import type { Command, Options } from './command.ts';
import { COMMON } from './input.ts';

/** Columns that a help text takes at most. */
const WIDTH = 96;

/** The help of the program. */
export function programHelp(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => [name, summary] as const);
  return [
    'handlersmith: AWS Lambda on your own machine.',
    '',
    'Usage: handlersmith <command> [arguments] [options]',
    '',
    'Commands:',
    ...table(rows),
    '',
    'Options:',
    ...table([
      ['-h, --help', 'Shows this help; after a command, that of the command.'],
      ['-v, --version', 'Shows the version.'],
    ]),
    '',
    'Examples:',
    ...commands.flatMap(({ examples }) => examples.slice(0, 1).flatMap(exampleLines)),
    '',
    'Exit codes: 0 all went well, 1 what was asked for failed, 2 wrong use.',
  ].join('\n');
}

/** The help of a command. */
export function commandHelp(command: Command): string {
  const { name, summary, about, arguments: taken, options, examples } = command;
  const usage = taken.map((one) => (one.required === true ? `<${one.name}>` : `[${one.name}]`));
  return [
    `Usage: handlersmith ${[name, ...usage].join(' ')} [options]`,
    '',
    ...wrapped(summary, 0),
    ...about.flatMap(paragraphLines),
    ...(taken.length === 0 ? [] : ['', 'Arguments:', ...table(taken.map((one) => [one.name, one.help]))]),
    '',
    'Options:',
    ...table(optionRows({ ...options, ...COMMON })),
    '',
    'Examples:',
    ...examples.flatMap(exampleLines),
  ].join('\n');
}

function paragraphLines(text: string): string[] {
  return text.startsWith(' ') ? [text] : ['', ...wrapped(text, 0)];
}

function optionRows(options: Options): (readonly [string, string])[] {
  return Object.entries(options).map(([name, { kind, value = 'value', help, choices }]) => {
    if (name === 'help') return ['-h, --help', help];
    const placeholder = choices === undefined ? `<${value}>` : choices.join('|');
    return [kind === 'flag' ? `--${name}` : `--${name} ${placeholder}`, help];
  });
}

function exampleLines({ command, does }: Command['examples'][number]): string[] {
  return [`  ${command}`, ...wrapped(does, 6)];
}

/** Two columns; a first cell that is too wide has its line to itself. */
function table(rows: readonly (readonly [string, string])[]): string[] {
  const first = Math.min(26, Math.max(...rows.map(([cell]) => cell.length))) + 4;
  return rows.flatMap(([cell, text]) => {
    const lines = wrapped(text, first);
    const head = `  ${cell}`;
    if (head.length > first - 1) return [head, ...lines];
    return lines.map((line, index) => (index === 0 ? head.padEnd(first) + line.trimStart() : line));
  });
}

function wrapped(text: string, indent: number): string[] {
  const margin = ' '.repeat(indent);
  const lines: string[] = [];
  let line = margin;
  for (const word of text.split(' ')) {
    if (line.length > indent && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = margin;
    }
    line += line.length > indent ? ` ${word}` : word;
  }
  return [...lines, line];
}
