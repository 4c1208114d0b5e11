/**
 * How what listens for events gets functions invoked.
 *
 * @module
 */
import type { FunctionResult } from '../function/function.ts';

/** One invocation that a trigger asks for. */
export interface TriggeredInvocation {
  /** Logical id of the function. */
  readonly function: string;
  readonly trigger: {
    readonly type: string;
    /** Logical id of the event in the template. */
    readonly id: string;
    /** For people: `3 messages of orders`. */
    readonly summary: string;
  };
  /** Plain data; the function gets it as JSON. */
  readonly event: unknown;
  /** Trace headers of what caused it, as far as they are known. */
  readonly traces: readonly string[];
  /** From 1. */
  readonly attempt: number;
  /** As JSON, from a client that sends one. */
  readonly clientContext?: string;
}

/** What an invocation came to, and by which id it is known. */
export type Invoked = FunctionResult & { readonly requestId: string };

/** Invokes a function and waits for what it comes to. Never rejects for what the function does. */
export type Invoke = (invocation: TriggeredInvocation) => Promise<Invoked>;

/**
 * Hands something over to a queue, a topic or a function, named by its ARN.
 *
 * @param attributes - that a message has beside its body; numbers stay numbers
 */
export type Deliver = (
  arn: string,
  body: unknown,
  traces: readonly string[],
  attributes?: Readonly<Record<string, string | number>>,
) => Promise<void>;

/** Told what nobody else is: a record given up, a message moved, an event dropped. */
export type Tell = (note: {
  readonly kind: 'dead-letter' | 'dropped' | 'warning';
  readonly text: string;
  readonly traces: readonly string[];
}) => void;

/** Something that listens until it is stopped. */
export interface Listening {
  /** How many batches it gathers that no function has seen yet. */
  readonly gathering?: () => number;
  /** Takes up nothing new, and resolves when what is under way has ended. */
  readonly stop: () => Promise<void>;
}
