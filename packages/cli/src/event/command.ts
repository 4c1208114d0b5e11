/**
 * `handlersmith event`.
 *
 * @module
 */
import type { Command } from '../command.ts';
import { type Trigger, triggers } from './triggers.ts';

export const eventCommand: Command = {
  name: 'event',
  summary: 'Prints an event as AWS sends it.',
  about: [
    'Triggers, and the fields of their events:',
    ...Object.entries(triggers).flatMap(describe),
    'A field is what a test would state; ids, sums, encodings and times follow from it. Values that are JSON by nature (body, detail, after) may be JSON or text, and have paths into them.',
  ],
  arguments: [{ name: 'trigger', required: true, help: 'One of the triggers above.' }],
  options: {
    set: {
      kind: 'list',
      value: 'path=value',
      help: 'Says something of the event; may be given more than once. [1].key is about the second record.',
    },
    json: { kind: 'flag', help: 'Prints it on one line.' },
  },
  examples: [
    {
      command: "handlersmith event s3 --set key='a b.jpg' | handlersmith invoke Thumb -",
      does: 'Invokes a function for a file whose name has a space, which S3 encodes.',
    },
    {
      command: 'handlersmith event http-api --set path=/items --set body.name=Lamp',
      does: 'A POST with a JSON body.',
    },
    {
      command: "handlersmith event sqs --set body.id=1 --set '[1].body.id=2' --set queue=orders.fifo",
      does: 'Two messages of a FIFO queue.',
    },
    {
      command: 'handlersmith event dynamodb --set type=modify --set after.price=30',
      does: 'A change of an item, with what it was before.',
    },
  ],
  load: () => import('./run.ts'),
};

function describe([name, { summary, record, whole }]: readonly [string, Trigger]): string[] {
  const head = `  ${name.padEnd(16)}${summary}`;
  if (record === undefined) return [head, ...lines(Object.keys(whole), 'fields: ')];
  return [head, ...lines(Object.keys(record), 'each: '), ...lines(Object.keys(whole), 'once: ')];
}

/** Names after a label, in lines that a screen holds. */
function lines(names: readonly string[], label: string): string[] {
  const found: string[] = [];
  let line = `${' '.repeat(18)}${label}`;
  for (const [index, name] of names.entries()) {
    const word = index === names.length - 1 ? name : `${name},`;
    if (line.length + word.length > 95) {
      found.push(line.trimEnd());
      line = ' '.repeat(18 + label.length);
    }
    line += `${word} `;
  }
  return [...found, line.trimEnd()];
}
