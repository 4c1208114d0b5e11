/**
 * Messages that come one by one and are sent together.
 *
 * @module
 */
import type { OutgoingMessage } from './outgoing.ts';
import { sendMessages, type Target } from './send.ts';

/** A message that waits to be sent, and whoever waits for it. */
interface Waiting {
  readonly message: OutgoingMessage;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends what gathers: while one request is under way the next ones' messages wait, so that a single message goes at
 * once and many go in few requests.
 */
export class Outbox {
  readonly #target: Target;
  readonly #signal: AbortSignal;
  #waiting: Waiting[] = [];
  #sending = false;

  /** @param signal - stops what is under way; what waits then fails */
  constructor(target: Target, signal: AbortSignal) {
    this.#target = target;
    this.#signal = signal;
  }

  /** Resolves when SQS has taken the message, and rejects when it has not. */
  send(message: OutgoingMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message, resolve, reject });
      if (!this.#sending) void this.#empty();
    });
  }

  /** Never rejects: each message tells its own sender. */
  async #empty(): Promise<void> {
    this.#sending = true;
    while (this.#waiting.length > 0) {
      // oxlint-disable-next-line no-await-in-loop -- records that fail in the same turn go together
      await new Promise(setImmediate);
      const taken = this.#waiting;
      this.#waiting = [];
      const messages = taken.map(({ message }) => message);
      // oxlint-disable-next-line no-await-in-loop -- one after the other is how messages gather
      const sent = await sendMessages(this.#target, messages, this.#signal);
      for (const [index, { resolve, reject }] of taken.entries()) {
        const outcome = sent[index];
        if (outcome !== undefined && 'receipt' in outcome) resolve();
        else reject(outcome?.error);
      }
    }
    this.#sending = false;
  }
}
