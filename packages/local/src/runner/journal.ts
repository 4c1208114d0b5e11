import type { FunctionResult, LogLine } from '../function/function.ts';

/** What happened in the app, as one list that can be followed: the page and the command line read it. */
export interface Journal {
  /** Notes that an invocation starts, and gives its entry. */
  begin(start: InvocationStart): JournalEntry;
  /** Notes a line of an invocation's output. */
  log(requestId: string, line: LogLine): void;
  /** Notes what an invocation came to. */
  end(requestId: string, result: FunctionResult): void;
  /** Notes something that is no invocation: a mail sent, a message moved to a dead-letter queue, a source reloaded. */
  note(note: JournalNote): void;
  /** The newest entries, oldest first. */
  entries(): readonly JournalEntry[];
  notes(): readonly JournalNote[];
  entry(requestId: string): JournalEntry | undefined;
  /** Calls the listener for everything from now on. Gives the function that ends it. */
  follow(listener: (change: JournalChange) => void): () => void;
}

export interface InvocationStart {
  readonly requestId: string;
  /** Logical id of the function. */
  readonly function: string;
  /** What invoked it. */
  readonly trigger: { readonly type: string; readonly id: string; readonly summary: string };
  /** JSON text. */
  readonly event: string;
  /** From 1. */
  readonly attempt: number;
  /** Request ids of the invocations whose work caused this one. */
  readonly causes: readonly string[];
}

export interface JournalEntry extends InvocationStart {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly logs: readonly LogLine[];
  /** Unset while it runs. */
  readonly result?: FunctionResult;
}

export interface JournalNote {
  readonly time: number;
  readonly kind: 'mail' | 'dead-letter' | 'dropped' | 'reload' | 'warning';
  readonly text: string;
  readonly causes: readonly string[];
}

export type JournalChange =
  | { readonly change: 'begin' | 'end'; readonly entry: JournalEntry }
  | { readonly change: 'log'; readonly requestId: string; readonly line: LogLine }
  | { readonly change: 'note'; readonly note: JournalNote };
