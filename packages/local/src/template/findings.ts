/**
 * What the reader has to say about a template.
 *
 * @module
 */
import type { Finding } from './app.ts';

/** Takes findings as they are met. */
export interface Findings {
  /** Something is wrong: the app cannot be played, or deployed, so. */
  error(line: number, message: string): void;
  /** Something is left out here. */
  unknown(line: number, message: string): void;
}

export interface FindingsOfFile extends Findings {
  /** In the order of the file, each once. */
  all(): readonly Finding[];
}

export function findingsOf(file: string): FindingsOfFile {
  const found = new Map<string, Finding>();
  const add = (severity: Finding['severity'], line: number, message: string): void => {
    // A value may be resolved twice: for a name, then with the rest of its resource.
    found.set(`${line} ${message}`, { severity, message, place: { file, line } });
  };
  return {
    error: (line, message) => add('error', line, message),
    unknown: (line, message) => add('unknown', line, message),
    all: () => [...found.values()].toSorted((a, b) => a.place.line - b.place.line),
  };
}

/** The same, for what plays no part here: that something of it is left out is no news. */
export function errorsOnly(findings: Findings): Findings {
  return { error: (line, message) => findings.error(line, message), unknown: () => {} };
}
