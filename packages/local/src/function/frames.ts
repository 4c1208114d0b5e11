/**
 * A process with our own runtime in it.
 *
 * @module
 */
import type { Connect, Events, Outcome } from './channel.ts';
import type { LogLine } from './function.ts';
import { startNode } from './process.ts';
import { FRAME, frameReader, headedFrame, readHeaded } from './protocol.ts';
import type { Ready, ReportedError } from './protocol.ts';

export interface FrameProcess {
  /** Flags of Node.js. */
  readonly flags: readonly string[];
  /** The runtime's file. */
  readonly runtime: string;
  /** The function's module. */
  readonly file: string;
  readonly exported: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts the runtime and speaks with it through two pipes of its own. */
export function overFrames(start: FrameProcess): Connect {
  return (events) => {
    const process = startNode(
      [...start.flags, start.runtime, start.file, start.exported],
      start.environment,
      start.folder,
    );
    process.output.on(
      'data',
      frameReader((type, payload) => {
        try {
          dispatch(type, payload, events);
        } catch {
          // The function wrote to a descriptor that is not its own: what it says cannot be told from nonsense any more.
          process.kill();
        }
      }),
    );
    return Promise.resolve({
      process,
      invoke: (head, event) => void process.input.write(headedFrame(FRAME.invoke, head, event)),
      close: () => Promise.resolve(),
    });
  };
}

/** The other side is our own: what a frame holds is what `protocol.ts` says of its type. */
function dispatch(type: number, payload: Buffer, events: Events): void {
  switch (type) {
    case FRAME.ready:
      events.ready((JSON.parse(payload.toString()) as Ready).inspector);
      break;
    case FRAME.initFailed:
      events.initFailed(JSON.parse(payload.toString()) as ReportedError);
      break;
    case FRAME.answer:
      settle(events, payload, { kind: 'answer', text: payload.toString('utf8', 4) });
      break;
    case FRAME.failed:
      settle(events, payload, {
        kind: 'failed',
        error: JSON.parse(payload.toString('utf8', 4)) as ReportedError,
      });
      break;
    case FRAME.tooLarge:
      settle(events, payload, { kind: 'too-large' });
      break;
    case FRAME.streamed:
      settle(events, payload, { kind: 'streamed' });
      break;
    case FRAME.begin:
      events.begin((JSON.parse(payload.toString()) as { readonly value?: unknown }).value);
      break;
    case FRAME.chunk:
      events.chunk(Uint8Array.from(payload));
      break;
    case FRAME.line: {
      const { head, rest } = readHeaded(payload);
      events.line({ ...(head as Pick<LogLine, 'stream' | 'time'>), text: rest });
      break;
    }
    case FRAME.output:
      events.output('stdout', payload);
      break;
    case FRAME.errorOutput:
      events.output('stderr', payload);
      break;
    default:
      break;
  }
}

function settle(events: Events, payload: Buffer, outcome: Outcome): void {
  events.settled(outcome, payload.readUInt32LE(0) / 1024);
}
