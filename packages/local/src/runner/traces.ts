/**
 * What caused what. Each invocation has a trace of its own, which the SDK sends with every request a function makes;
 * services keep it with what they are given, and so the next invocation can tell which one it comes from.
 *
 * @module
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
import { randomBytes } from 'node:crypto';

/** Traces that are remembered. */
const REMEMBERED = 10_000;

export interface Traces {
  /** The trace header of a new invocation. */
  start(requestId: string): string;
  /** The invocations that the traces belong to, each once. */
  causes(traces: readonly string[]): string[];
}

export function invocationTraces(now: () => number): Traces {
  const requests = new Map<string, string>();
  return {
    start(requestId) {
      const root = `1-${Math.floor(now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
      requests.set(root, requestId);
      const [oldest] = requests.keys();
      if (requests.size > REMEMBERED && oldest !== undefined) requests.delete(oldest);
      return `Root=${root};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
    },
    causes(traces) {
      const ids = traces.map((trace) => requests.get(rootOf(trace)));
      return [...new Set(ids.filter((id) => id !== undefined))];
    },
  };
}

function rootOf(trace: string): string {
  return /(?:^|;)\s*Root=([^;]+)/u.exec(trace)?.[1] ?? '';
}
