/**
 * The log lines that a function writes, read back as JSON.
 *
 * @module
 */
import { format } from 'node:util';

/** What ran and what it wrote meanwhile. */
export interface CapturedLogs<Result> {
  /** What the function returned. */
  readonly result: Result;
  /** Each line as the JSON object it is; a line that is none is `{ unparsed: line }`. */
  readonly lines: ReadonlyArray<Record<string, unknown>>;
  /** Each line as it was written, without its end. */
  readonly raw: readonly string[];
}

const CONSOLE_METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

/** There is one stdout in a process, so there can be one capture at a time. */
let capturing = false;

/**
 * Runs a function and keeps what it writes to stdout, stderr and the console from the screen, to look at instead.
 * Everything is put back afterwards, also when the function throws.
 *
 * @param run - what to run
 * @throws what `run` throws; and an Error when another capture is under way
 * @example
 * const { result, lines } = await captureLogs(() => request(handler, 'GET /items'));
 * expect(lines).toContainEqual(expect.objectContaining({ level: 'INFO', route: 'GET /items' }));
 */
export async function captureLogs<Result>(run: () => Result): Promise<CapturedLogs<Awaited<Result>>> {
  if (capturing) {
    throw new Error(
      'captureLogs() is running already. Captures cannot overlap: end one before the next begins.',
    );
  }
  capturing = true;
  const raw: string[] = [];
  const stdout = lineCollector(raw);
  const stderr = lineCollector(raw);
  const restore = [
    interceptStream(process.stdout, stdout),
    interceptStream(process.stderr, stderr),
    interceptConsole(stdout, stderr),
  ];
  try {
    const result = await run();
    stdout.end();
    stderr.end();
    return { result, lines: raw.map(parsedLine), raw };
  } finally {
    for (const undo of restore) undo();
    capturing = false;
  }
}

interface LineCollector {
  write(text: string): void;
  /** Takes what is left as a line of its own. */
  end(): void;
}

function lineCollector(lines: string[]): LineCollector {
  let open = '';
  const keep = (line: string): void => {
    if (line !== '') lines.push(line);
  };
  return {
    write(text) {
      const complete = `${open}${text}`.split(/\r?\n/);
      open = complete.pop() ?? '';
      complete.forEach(keep);
    },
    end() {
      keep(open);
      open = '';
    },
  };
}

function interceptStream(stream: NodeJS.WriteStream, collector: LineCollector): () => void {
  // Read without its type: it is put back as it was, never called without its stream.
  const original: unknown = Reflect.get(stream, 'write');
  const intercepted = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    // Loggers write strings. Bytes are how node:test's child processes report to their parent, so they pass.
    // The cast says what a stream's `write` is.
    if (typeof chunk !== 'string') {
      return Reflect.apply(original as (...all: unknown[]) => boolean, stream, [chunk, ...rest]);
    }
    collector.write(chunk);
    const done = rest.find((argument) => typeof argument === 'function');
    if (done !== undefined) queueMicrotask(() => done());
    return true;
  };
  stream.write = intercepted;
  return () => {
    Reflect.set(stream, 'write', original);
  };
}

/** Test runners and Lambda's runtime put a console of their own in place that does not write to stdout. */
function interceptConsole(stdout: LineCollector, stderr: LineCollector): () => void {
  const originals = CONSOLE_METHODS.map((method) => [method, console[method]] as const);
  for (const method of CONSOLE_METHODS) {
    const collector = method === 'error' || method === 'warn' || method === 'trace' ? stderr : stdout;
    console[method] = (...values: unknown[]) => collector.write(`${format(...values)}\n`);
  }
  return () => {
    for (const [method, original] of originals) console[method] = original;
  };
}

function parsedLine(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Not every line is JSON: those that are not are kept as they are.
  }
  return { unparsed: line };
}
