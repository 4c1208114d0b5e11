/**
 * The way out of a function's process.
 *
 * @module
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

import { FRAME, frame, type FrameType, headedFrame } from '../protocol.ts';

/** The descriptor that frames are written to. Nobody makes it non-blocking: whoever prints too much has to wait. */
const DESCRIPTOR = 4;

/** Writes frames at once: what was said before a crash has been said. */
export function send(type: FrameType, ...parts: readonly (string | number | Uint8Array)[]): void {
  write(frame(type, ...parts));
}

/** Writes a line of the log. */
export function sendLine(stream: 'stdout' | 'stderr', time: number, text: string): void {
  write(headedFrame(FRAME.line, { stream, time }, text));
}

function write(bytes: Buffer): void {
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(DESCRIPTOR, bytes, at);
  } catch {
    // Nobody is there any more: no reason to be here either.
    process.kill(process.pid, 'SIGKILL');
  }
}

const status = openStatus();
const statusText = Buffer.alloc(4096);

/** The most memory this process has had, in KB. */
export function peakMemory(): number {
  // Linux counts what the process was before it was ours into the peak that `resourceUsage` gives.
  if (status === undefined) return process.resourceUsage().maxRSS;
  const text = statusText.toString('latin1', 0, readSync(status, statusText, 0, statusText.length, 0));
  return Number(/VmHWM:\s+(\d+)/.exec(text)?.[1] ?? 0);
}

function openStatus(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const descriptor = openSync('/proc/self/status', 'r');
    process.once('exit', () => closeSync(descriptor));
    return descriptor;
  } catch {
    return undefined;
  }
}
