/**
 * From the words of a command line to what a command takes.
 *
 * @module
 */
import { parseArgs } from 'node:util';

import type { Command, Input, Option, Options } from './command.ts';
import { didYouMean } from './nearest.ts';
import { WrongUse } from './problem.ts';

/** Options that every command has. */
export const COMMON: Options = {
  help: { kind: 'flag', help: 'Shows this help.' },
};

/**
 * Reads the words after a command's name.
 *
 * @throws WrongUse for an option it does not have, a value too many or too few, an argument too many or too few
 */
export function readInput(command: Command, words: readonly string[]): Input {
  const options: Options = { ...command.options, ...COMMON };
  const { tokens } = parseArgs({
    args: [...words],
    // Node would say what is wrong, but not what was meant.
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: {
      ...Object.fromEntries(
        Object.entries(options).map(([name, { kind }]) => [
          name,
          { type: kind === 'flag' ? 'boolean' : 'string', multiple: true } as const,
        ]),
      ),
      help: { type: 'boolean', short: 'h' },
    },
  });

  const given = new Map<string, string[]>();
  const values: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') values.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined)
      throw new WrongUse(`There is no option ${rawName}.${didYouMean(name, Object.keys(options), '--')}`);
    const list = given.get(name) ?? [];
    given.set(name, list);
    list.push(checked(rawName, option, value, inlineValue === true));
    if (list.length > 1 && option.kind !== 'list' && option.kind !== 'flag')
      throw new WrongUse(`${rawName} is there twice: "${list[0]}" and "${list[1]}".`);
  }
  const has = (names: readonly string[]): boolean => names.some((name) => given.has(name));
  return {
    arguments: has(['help']) ? [] : checkedArguments(command, values),
    flag: (name) => given.has(name),
    text: (name) => given.get(name)?.[0],
    number: (name) => {
      const [text] = given.get(name) ?? [];
      return text === undefined ? undefined : Number(text);
    },
    list: (name) => given.get(name) ?? [],
    has,
  };
}

function checked(rawName: string, option: Option, value: string | undefined, inline: boolean): string {
  const { kind, choices } = option;
  if (kind === 'flag') {
    if (value !== undefined) throw new WrongUse(`${rawName} takes no value, but there is "${value}".`);
    return '';
  }
  const wanted = option.value ?? 'value';
  if (value === undefined) throw new WrongUse(`${rawName} needs a value: ${rawName} <${wanted}>.`);
  if (!inline && /^-./.test(value))
    throw new WrongUse(
      `${rawName} needs a value, but "${value}" follows. If that is the value, write ${rawName}=${value}.`,
    );
  if (kind === 'number' && !/^\d{1,15}$/.test(value))
    throw new WrongUse(`${rawName} takes a whole number, not "${value}".`);
  if (choices !== undefined && !choices.includes(value))
    throw new WrongUse(
      `${rawName} takes ${choices.join(' or ')}, not "${value}".${didYouMean(value, choices)}`,
    );
  return value;
}

function checkedArguments(command: Command, values: readonly string[]): readonly (string | undefined)[] {
  const { arguments: wanted, name } = command;
  const surplus = values[wanted.length];
  if (surplus !== undefined) {
    const takes = wanted.length === 0 ? 'no argument' : wanted.map((one) => one.name).join(' and ');
    throw new WrongUse(`${name} takes ${takes}; "${surplus}" is too many.`);
  }
  const missing = wanted.find((argument, index) => argument.required === true && values[index] === undefined);
  if (missing !== undefined) throw new WrongUse(`${name} needs ${missing.name}. ${missing.help}`);
  return values;
}
