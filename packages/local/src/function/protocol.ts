/**
 * What a function's process and the one that runs it say to each other: frames of a type, a length and bytes.
 *
 * @module
 */

/** Types of frames. */
export const FRAME = {
  /** To the function: an `InvocationHead` and the event. */
  invoke: 1,
  /** The handler is loaded: a `Ready`. */
  ready: 2,
  /** The handler could not be loaded: an error. */
  initFailed: 3,
  /** Memory and the answer as JSON text. */
  answer: 4,
  /** Memory and an error. */
  failed: 5,
  /** Memory and the size of an answer that Lambda would not take, in bytes. */
  tooLarge: 6,
  /** What a streamed answer starts with, as JSON. */
  begin: 7,
  /** Bytes of a streamed answer. */
  chunk: 8,
  /** Memory. The end of a streamed answer. */
  streamed: 9,
  /** Something the function printed through `console`: a `LineHead` and the text, which may have line breaks. */
  line: 10,
  /** Bytes the function wrote to standard output. */
  output: 11,
  /** Bytes the function wrote to standard error. */
  errorOutput: 12,
} as const;

export type FrameType = (typeof FRAME)[keyof typeof FRAME];

/** What an invocation is, but for its event. */
export interface InvocationHead {
  readonly requestId: string;
  readonly trace: string;
  readonly arn: string;
  /** When Lambda ends it, in milliseconds since 1970. */
  readonly deadline: number;
  /** Milliseconds by which the function's time is ahead of this machine's. */
  readonly ahead: number;
  /** As JSON. */
  readonly clientContext?: string;
}

export interface Ready {
  /** Where a debugger attaches. */
  readonly inspector?: string;
}

/** An error as Lambda reports it. */
export interface ReportedError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** Bytes of an answer as JSON text that Lambda takes: 6 MB and a little. */
export const ANSWER_LIMIT = 6_291_556;

const HEAD_BYTES = 5;

/** One frame. A number goes before the rest, as 32 bits. */
export function frame(type: FrameType, ...parts: readonly (string | number | Uint8Array)[]): Buffer {
  let length = 0;
  for (const part of parts) length += sizeOf(part);
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + length);
  bytes.writeUInt8(type, 0);
  bytes.writeUInt32LE(length, 1);
  let at = HEAD_BYTES;
  for (const part of parts) {
    if (typeof part === 'number') at = bytes.writeUInt32LE(part, at);
    else if (typeof part === 'string') at += bytes.write(part, at);
    else {
      bytes.set(part, at);
      at += part.length;
    }
  }
  return bytes;
}

/** A frame that has a text of its own length before the rest. */
export function headedFrame(type: FrameType, head: unknown, rest: string): Buffer {
  const text = JSON.stringify(head);
  return frame(type, Buffer.byteLength(text), text, rest);
}

/** Takes apart what `headedFrame` put together. The head is what the sender said it is. */
export function readHeaded(payload: Buffer): { readonly head: unknown; readonly rest: string } {
  const end = 4 + payload.readUInt32LE(0);
  return { head: JSON.parse(payload.toString('utf8', 4, end)), rest: payload.toString('utf8', end) };
}

/** Finds the frames in bytes that come in pieces. The payload handed on is valid during the call only. */
export function frameReader(onFrame: (type: number, payload: Buffer) => void): (chunk: Buffer) => void {
  let held: Buffer[] = [];
  let heldLength = 0;
  let wanted = HEAD_BYTES;

  return (chunk) => {
    held.push(chunk);
    heldLength += chunk.length;
    if (heldLength < wanted) return;

    const bytes = held.length === 1 ? chunk : Buffer.concat(held, heldLength);
    let at = 0;
    wanted = HEAD_BYTES;
    while (bytes.length - at >= HEAD_BYTES) {
      const length = bytes.readUInt32LE(at + 1);
      if (bytes.length - at < HEAD_BYTES + length) {
        wanted = HEAD_BYTES + length;
        break;
      }
      const start = at + HEAD_BYTES;
      at = start + length;
      onFrame(bytes.readUInt8(start - HEAD_BYTES), bytes.subarray(start, at));
    }
    const rest = bytes.subarray(at);
    held = rest.length === 0 ? [] : [rest];
    heldLength = rest.length;
  };
}

function sizeOf(part: string | number | Uint8Array): number {
  if (typeof part === 'number') return 4;
  return typeof part === 'string' ? Buffer.byteLength(part) : part.length;
}
