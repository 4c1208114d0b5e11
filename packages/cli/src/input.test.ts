import { expect, test } from 'vitest';

import type { Command } from './command.ts';
import { readInput } from './input.ts';
import { WrongUse } from './problem.ts';

const command: Command = {
  name: 'paint',
  summary: 'Paints.',
  about: [],
  arguments: [
    { name: 'wall', required: true, help: 'Which one.' },
    { name: 'colour', help: 'Default: white.' },
  ],
  options: {
    twice: { kind: 'flag', help: 'Two coats.' },
    brush: { kind: 'text', value: 'name', help: 'Which brush.' },
    width: { kind: 'number', value: 'mm', help: 'How wide.' },
    set: { kind: 'list', value: 'path=value', help: 'More.' },
    finish: { kind: 'text', choices: ['matt', 'gloss'], help: 'How it shines.' },
  },
  examples: [],
  load: () => Promise.reject(new Error('It is only read')),
};

test.each([
  [[], 'paint needs wall. Which one.'],
  [['a', 'b', 'c'], 'paint takes wall and colour; "c" is too many.'],
  [['a', '--brsh', 'x'], 'There is no option --brsh. Did you mean --brush?'],
  [['a', '-x'], 'There is no option -x.'],
  [['a', '--constructor'], 'There is no option --constructor.'],
  [['a', '--brush'], '--brush needs a value: --brush <name>.'],
  [
    ['a', '--brush', '--twice'],
    '--brush needs a value, but "--twice" follows. If that is the value, write --brush=--twice.',
  ],
  [['a', '--brush', 'x', '--brush', 'y'], '--brush is there twice: "x" and "y".'],
  [['a', '--twice=yes'], '--twice takes no value, but there is "yes".'],
  [['a', '--width', 'wide'], '--width takes a whole number, not "wide".'],
  [
    ['a', '--width', '-1'],
    '--width needs a value, but "-1" follows. If that is the value, write --width=-1.',
  ],
  [['a', '--width=-1'], '--width takes a whole number, not "-1".'],
  [['a', '--finish', 'glos'], '--finish takes matt or gloss, not "glos". Did you mean gloss?'],
])('%j is refused', (words, message) => {
  expect(() => readInput(command, words)).toThrow(new WrongUse(message));
});

test('words become arguments and options', () => {
  const words = ['north', '-', '--twice', '--brush=--odd', '--width', '30', '--set', 'a=1', '--set', 'b=-2'];
  const input = readInput(command, words);
  expect(input.arguments).toEqual(['north', '-']);
  expect(input.flag('twice')).toBe(true);
  expect(input.flag('help')).toBe(false);
  expect(input.text('brush')).toBe('--odd');
  expect(input.text('finish')).toBeUndefined();
  expect(input.number('width')).toBe(30);
  expect(input.list('set')).toEqual(['a=1', 'b=-2']);
  expect([input.has(['finish']), input.has(['finish', 'set'])]).toEqual([false, true]);
});

test('after -- everything is an argument', () => {
  expect(readInput(command, ['--', '--twice']).arguments).toEqual(['--twice']);
});

test('help needs no arguments', () => {
  expect(readInput(command, ['--help']).flag('help')).toBe(true);
  expect(readInput(command, ['-h', 'a', 'b', 'c']).flag('help')).toBe(true);
});
