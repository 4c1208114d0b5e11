/**
 * What an invocation came to, from what its process said.
 *
 * @module
 */
import type { Outcome } from './channel.ts';
import { tooLarge } from './failure.ts';
import type { FunctionAnswer, FunctionFailure, FunctionInvocation } from './function.ts';

/** A result, but for what was measured. */
export type Result =
  | Pick<FunctionAnswer, 'ok' | 'payload' | 'prelude'>
  | Pick<FunctionFailure, 'ok' | 'reason' | 'error'>;

/** A streamed answer as it comes. */
export interface Parts {
  begin(prelude: unknown): void;
  chunk(bytes: Uint8Array): void;
  /** The answer as it is now. */
  collected(): Result;
}

/** Hands a streamed answer on, or collects it where nobody takes it. */
export function collectParts({ stream }: FunctionInvocation): Parts {
  const chunks: Uint8Array[] = [];
  let prelude: unknown;
  return {
    begin(head) {
      prelude = head;
      stream?.begin(head);
    },
    chunk(bytes) {
      if (stream === undefined) chunks.push(bytes);
      else stream.write(bytes);
    },
    collected: () => ({
      ok: true,
      payload: Buffer.concat(chunks),
      ...(prelude !== undefined && { prelude }),
    }),
  };
}

export function resultOf(outcome: Outcome, parts: Parts): Result {
  if (outcome.kind === 'answer') return { ok: true, payload: outcome.text };
  if (outcome.kind === 'streamed') return parts.collected();
  if (outcome.kind === 'too-large') return { ok: false, ...tooLarge() };
  return { ok: false, reason: 'error', error: outcome.error };
}
