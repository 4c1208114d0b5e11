/**
 * One invocation as X-Ray subsegments.
 *
 * The SDK keeps one facade of Lambda's segment for the whole process. Overlapping invocations would write into the same one, and
 * an invocation that ends early would leave its subsegment in it. So each invocation gets a facade of its own, and all it does runs
 * in a context of its own, where the SDK's instrumentation of clients finds the subsegment it belongs under.
 *
 * @module
 */
import type { TraceHeader } from '../observability/correlation.ts';
import { REDACTED } from '../observability/redaction.ts';
import type { InvocationTracer, Span } from '../observability/tracer.ts';
import { annotation, annotationKey, fitting, isSecret, newRoom, spanName, traceError } from './bounds.ts';
import { finishing } from './finish.ts';
import type { Ending } from './finish.ts';

/** The parts of the SDK's `Subsegment` that are used here. */
export interface Subsegment {
  id: string;
  trace_id?: string;
  notTraced: boolean;
  noOp?: boolean;
  /** How many subsegments below are open. */
  counter: number;
  segment?: Subsegment;
  addNewSubsegment(name: string): Subsegment;
  addAnnotation(key: string, value: string | number | boolean): void;
  addMetadata(key: string, value: unknown, namespace: string): void;
  addError(error: object): void;
  addFaultFlag(): void;
  close(): void;
  isClosed(): boolean;
  flush(): void;
}

/** The SDK's context: what is set in it holds for all that is called, awaited or scheduled from inside. */
export interface Context {
  runAndReturn<T>(run: () => T): T;
  set(key: string, value: unknown): unknown;
  get(key: string): unknown;
}

/** Where the SDK's context holds the subsegment that is open. */
const CURRENT = 'segment';

/** What an invocation needs of the SDK, and how the team wants it. */
export interface Xray {
  readonly context: Context;
  /** A subsegment that belongs to nothing yet. */
  readonly newSegment: () => Subsegment;
  readonly service: string | undefined;
  readonly captureErrors: boolean;
}

/** Nothing the SDK does may reach the handler. */
function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // a trace that is not whole is better than an invocation that fails because of it
  }
}

/** Lambda's own segment, as far as an invocation's subsegments need it. It is never sent: Lambda sends the real one. */
function facade(xray: Xray, header: TraceHeader): Subsegment {
  const root = xray.newSegment();
  root.trace_id = header.root;
  if (header.parent === undefined) root.noOp = true;
  else root.id = header.parent;
  root.notTraced = !header.sampled || header.parent === undefined;
  root.segment = root;
  // the SDK sends a subsegment when it closes if its root counts many open ones: outside Lambda it waits for a hundred
  root.counter = Number.MAX_SAFE_INTEGER / 2;
  return root;
}

const nothing: Span = Object.freeze({ annotate() {}, metadata() {}, error() {} });

/** The trace of one invocation. */
export class XrayInvocation implements InvocationTracer {
  readonly traceId: string;
  readonly #xray: Xray;
  readonly #namespace: string;
  readonly #root: Subsegment;
  readonly #main: Subsegment;
  readonly #span: Span;
  readonly #open = new Set<Subsegment>();

  constructor(xray: Xray, header: TraceHeader, name: string) {
    this.traceId = header.root;
    this.#xray = xray;
    this.#namespace = xray.service ?? name;
    this.#root = facade(xray, header);
    this.#main = this.#root.notTraced ? this.#root : this.#begin(this.#root, `## ${name}`);
    this.#span = this.#root.notTraced ? nothing : this.#spanOf(this.#main);
  }

  /** Whether anything is recorded. */
  get sampled(): boolean {
    return !this.#root.notTraced;
  }

  annotate(key: string, value: string | number | boolean): void {
    this.#span.annotate(key, value);
  }

  metadata(key: string, value: unknown): void {
    this.#span.metadata(key, value);
  }

  error(error: unknown): void {
    this.#span.error(error);
  }

  span<T>(name: string, run: (span: Span) => T): T {
    if (this.#root.notTraced) return run(nothing);
    const segment = this.#begin(this.#current(), name);
    const span = this.#spanOf(segment);
    return this.#within(
      segment,
      () => run(span),
      (ending) => {
        if (ending.failed) span.error(ending.error);
        this.#end(segment);
      },
    );
  }

  /** Runs the invocation, and closes all that it left open. */
  run<T>(work: () => Promise<T>, end: (ending: Ending) => void): Promise<T> {
    return this.#within(this.#main, work, (ending) => {
      quietly(() => end(ending));
      for (const segment of this.#open) {
        if (segment !== this.#main) quietly(() => segment.addAnnotation('incomplete', true));
      }
      // the innermost first: a subsegment is sent once nothing below it is open
      for (const segment of [...this.#open].toReversed()) this.#end(segment);
    });
  }

  #within<T>(segment: Subsegment, work: () => T, end: (ending: Ending) => void): T {
    const { context } = this.#xray;
    return finishing(() => {
      // the SDK's context marks what is thrown through it, and fails at texts and frozen errors: nothing is thrown through it
      const outcome = context.runAndReturn((): { value: T } | { error: unknown } => {
        try {
          quietly(() => context.set(CURRENT, segment));
          return { value: work() };
        } catch (error) {
          return { error };
        }
      });
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    }, end);
  }

  /** The subsegment the calling code runs in, if it is one of ours; else the invocation's. */
  #current(): Subsegment {
    // only subsegments are ever set there, by us and by the SDK
    const current = this.#xray.context.get(CURRENT) as Subsegment | undefined;
    return current?.segment === this.#root && !current.isClosed() ? current : this.#main;
  }

  #begin(parent: Subsegment, name: string): Subsegment {
    const segment = parent.addNewSubsegment(spanName(name));
    this.#open.add(segment);
    return segment;
  }

  #end(segment: Subsegment): void {
    if (!this.#open.delete(segment)) return;
    quietly(() => {
      segment.close();
      if (segment.counter <= 0) return;
      // a request below is still under way: the SDK would wait for it, and never send this one
      segment.counter = 0;
      segment.flush();
    });
  }

  #spanOf(segment: Subsegment): Span {
    const room = newRoom();
    return {
      annotate: (key, value) => {
        const name = annotationKey(key);
        const kept = annotation(isSecret(key) ? REDACTED : value, room);
        if (kept !== undefined) quietly(() => segment.addAnnotation(name, kept));
      },
      metadata: (key, value) => {
        const kept = fitting(isSecret(key) ? REDACTED : value, room);
        if (kept !== undefined) quietly(() => segment.addMetadata(key, kept, this.#namespace));
      },
      error: (error) => {
        const kept = this.#xray.captureErrors ? traceError(error, room) : undefined;
        quietly(() => (kept === undefined ? segment.addFaultFlag() : segment.addError(kept)));
      },
    };
  }
}
