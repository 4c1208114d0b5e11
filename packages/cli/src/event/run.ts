/**
 * Prints an event.
 *
 * @module
 */
import type { Input, Program } from '../command.ts';
import { didYouMean } from '../nearest.ts';
import { EXIT, messageOf, WrongUse } from '../problem.ts';
import { type Terminal, writeLine } from '../terminal.ts';
import { builders } from './build.ts';
import { readStatement } from './state.ts';
import { triggers } from './triggers.ts';

export const run: Program['run'] = (input, terminal) => Promise.resolve(printEvent(input, terminal));

function printEvent(input: Input, { stdout }: Terminal): number {
  const [name = ''] = input.arguments;
  const trigger = Object.hasOwn(triggers, name) ? triggers[name] : undefined;
  const builder = builders[name];
  if (trigger === undefined || builder === undefined) {
    const names = Object.keys(triggers);
    throw new WrongUse(
      `There is no trigger ${name}.${didYouMean(name, names)} There are: ${names.join(', ')}.`,
    );
  }
  const statement = readStatement(name, trigger, input.list('set'), builder.defaults);
  let event: unknown;
  try {
    event = builder.build(statement);
  } catch (cause) {
    // Only what was set can be wrong with it.
    throw new WrongUse(`No event of ${name} is like that: ${messageOf(cause)}`, { cause });
  }
  writeLine(stdout, JSON.stringify(event, undefined, input.flag('json') ? 0 : 2));
  return EXIT.ok;
}
