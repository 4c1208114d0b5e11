/**
 * From what a process writes to the lines of a log, as many as anybody can read.
 *
 * @module
 */
import { StringDecoder } from 'node:string_decoder';

import type { LogLine } from './function.ts';

/** Characters of a line. CloudWatch takes 1 MB; nobody reads that much of one. */
const LINE_LIMIT = 256 * 1024;

export interface Log {
  /** Bytes of one of the two streams. */
  readonly output: (stream: LogLine['stream'], bytes: Uint8Array) => void;
  /** A line by itself, which may have line breaks. */
  readonly line: (line: LogLine) => void;
  /** Hands on lines that were begun and not ended. */
  flush(): void;
  /** From now on, lines are somebody else's. Lines that nobody took go to the first who listens. */
  listen(listener: ((line: LogLine) => void) | undefined): void;
  /** How often anything came. */
  readonly arrivals: number;
}

/**
 * Collects lines for whoever listens. A line that is too long is cut; after `limit` characters for one listener, one
 * more line says that the rest is left out.
 */
export function collectLog(limit: number): Log {
  const open = { stdout: lineSplitter(), stderr: lineSplitter() };
  let listener: ((line: LogLine) => void) | undefined;
  let waiting: LogLine[] = [];
  let room = limit;
  let arrivals = 0;

  const deliver = (line: LogLine): void => {
    if (listener === undefined) waiting.push(line);
    else listener(line);
  };
  const add = (line: LogLine): void => {
    if (room <= 0) return;
    room -= line.text.length + 1;
    if (room > 0) {
      deliver(line.text.length > LINE_LIMIT ? cut(line) : line);
      return;
    }
    deliver({
      time: line.time,
      stream: 'stderr',
      text: `More than ${limit} characters of output: the rest is left out`,
      truncated: true,
    });
  };
  return {
    output(stream, bytes) {
      arrivals += 1;
      // Reading on keeps the function from waiting; keeping what is read would fill our memory.
      if (room <= 0) open[stream].drop();
      else for (const text of open[stream].add(bytes)) add({ time: Date.now(), stream, text });
    },
    line(line) {
      arrivals += 1;
      add(line);
    },
    flush() {
      for (const stream of ['stdout', 'stderr'] as const) {
        const text = open[stream].rest();
        if (text !== '') add({ time: Date.now(), stream, text });
      }
    },
    listen(next) {
      listener = next;
      room = limit;
      if (next === undefined) return;
      const lines = waiting;
      waiting = [];
      for (const line of lines) next(line);
    },
    get arrivals() {
      return arrivals;
    },
  };
}

/** Turns of the loop in which bytes that went round our runtime are looked for. */
const DRAIN_TURNS = 50;

/** Waits until what was written to the log before now has arrived. */
export async function drain(log: Log): Promise<void> {
  for (let turn = 0, seen = -1; turn < DRAIN_TURNS && seen !== log.arrivals; turn++) {
    seen = log.arrivals;
    await new Promise((done) => void setImmediate(done)); // oxlint-disable-line no-await-in-loop -- one turn after the other
  }
  log.flush();
}

function cut(line: LogLine): LogLine {
  return { ...line, text: line.text.slice(0, LINE_LIMIT), truncated: true };
}

interface Splitter {
  add(bytes: Uint8Array): string[];
  rest(): string;
  drop(): void;
}

function lineSplitter(): Splitter {
  let decoder = new StringDecoder('utf8');
  let held = '';
  return {
    add(bytes) {
      const lines = (held + decoder.write(bytes)).split('\n');
      held = lines.pop() ?? '';
      // A line without end must not grow for ever.
      if (held.length > LINE_LIMIT) {
        lines.push(held);
        held = '';
      }
      return lines;
    },
    rest() {
      const text = held + decoder.end();
      held = '';
      return text;
    },
    drop() {
      decoder = new StringDecoder('utf8');
      held = '';
    },
  };
}
