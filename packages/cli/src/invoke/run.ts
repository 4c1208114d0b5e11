/**
 * Invokes a function.
 *
 * @module
 */
import type { Program } from '../command.ts';
import { functionId } from '../play/choose.ts';
import { type Invoked, openPlaying, type Playing } from '../play/playing.ts';
import { withProgress } from '../play/progress.ts';
import { durationText, failureLines, outcomeOf, payloadText } from '../play/result.ts';
import { EXIT } from '../problem.ts';
import { paintFor, type Terminal, writeLine } from '../terminal.ts';
import { readEvent } from './event.ts';

export const run: Program['run'] = async (input, terminal) => {
  const [wanted = '', given] = input.arguments;
  const event = await readEvent(given, terminal);
  await using playing = await openPlaying(input, terminal);
  const id = functionId(playing.app, wanted);
  const withLogs = !input.flag('no-logs') && !input.flag('json');
  const leave = withLogs && playing.isOwn ? await followLogs(playing, terminal) : () => {};
  const result = await withProgress(terminal, `Invoking ${id}`, playing.invoke(id, event));
  leave();
  if (withLogs && !playing.isOwn) await writeLogs(playing, result, terminal);
  if (input.flag('json')) {
    const payload = result.ok ? { payload: payloadText(result) } : {};
    writeLine(terminal.stdout, JSON.stringify({ ...result, ...payload }));
  } else if (result.ok) {
    writeLine(terminal.stdout, payloadText(result));
  } else {
    writeFailure(id, result, terminal);
  }
  return result.ok ? EXIT.ok : EXIT.failed;
};

/** Shows what all functions write, as they write it: nobody else's is there. */
function followLogs(playing: Playing, { stderr }: Terminal): Promise<() => void> {
  return playing.follow((change) => {
    if (change.change === 'log') writeLine(stderr, change.line.text);
  });
}

async function writeLogs(playing: Playing, { requestId }: Invoked, { stderr }: Terminal): Promise<void> {
  const entry = await playing.entry(requestId);
  for (const { text } of entry?.logs ?? []) writeLine(stderr, text);
}

function writeFailure(id: string, result: Invoked & { readonly ok: false }, terminal: Terminal): void {
  const { stderr } = terminal;
  const paint = paintFor(stderr, terminal);
  const [first = '', ...rest] = failureLines(result);
  const how = `${id} ${outcomeOf(result)} after ${durationText(result.duration)}`;
  writeLine(stderr, `${paint('red', `${how}:`)} ${first}`);
  for (const line of rest) writeLine(stderr, line);
}
