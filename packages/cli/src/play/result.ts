/**
 * What an invocation came to, for people and for programs.
 *
 * @module
 */
import type { FunctionFailure, FunctionResult } from '@handlersmith/local';

/** Lines of a stack that show where it was. */
const FRAMES = 4;

/** Frames of what runs the function, which nobody looks for. */
const OURS = /node:internal|[\\/](?:@handlersmith[\\/]local[\\/]dist|local[\\/]src[\\/]function)[\\/]/;

const REASONS: Readonly<Record<FunctionFailure['reason'], string>> = {
  error: 'failed',
  timeout: 'timed out',
  exit: 'ended its process',
  init: 'could not be loaded',
  'too-large': 'answered too much',
  throttled: 'was throttled',
};

/** `TypeError: no picture`, and the first lines of its stack. */
export function failureLines({ error }: FunctionFailure): string[] {
  const { errorType, errorMessage, trace } = error;
  const frames = trace
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at ') && !OURS.test(line));
  return [`${errorType}: ${errorMessage}`, ...frames.slice(0, FRAMES).map((frame) => `    ${frame}`)];
}

/** How it went, in a word or two: the status of an HTTP answer, what a batch left to be done again. */
export function outcomeOf(result: FunctionResult): string {
  if (!result.ok) return REASONS[result.reason];
  if (typeof result.payload !== 'string') return 'ok, streamed';
  const answer = parsed(result.payload);
  if (typeof answer !== 'object' || answer === null) return 'ok';
  if ('statusCode' in answer && typeof answer.statusCode === 'number') return String(answer.statusCode);
  if ('batchItemFailures' in answer && Array.isArray(answer.batchItemFailures)) {
    const { length } = answer.batchItemFailures;
    return length === 0 ? 'ok' : `${length} to be tried again`;
  }
  return 'ok';
}

/** The answer as text. */
export function payloadText({ payload }: FunctionResult & { readonly ok: true }): string {
  // A `dev` sends bytes of a stream as JSON writes them: numbers by their index.
  return typeof payload === 'string' ? payload : Buffer.from(Object.values(payload)).toString();
}

/** `12 ms`, `1.2 s`. */
export function durationText(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
