/**
 * What is wrong with a template, or left out of it, as lines.
 *
 * @module
 */
import { relative } from 'node:path';

import { type Finding, TemplateFault } from '@handlersmith/local';

import { Failed, messageOf } from '../problem.ts';

/** `template.yaml:12: message`, the file as seen from a folder. */
export function findingLine({ message, place }: Finding, folder: string): string {
  return `${shownFile(place.file, folder)}:${place.line}: ${message}`;
}

/** A path as it is shortest: from the folder, or as it is where that leads out of it. */
export function shownFile(file: string, folder: string): string {
  const path = relative(folder, file);
  return path === '' || path.startsWith('..') ? file : path;
}

/** What a template's faults are told as, and a port that somebody has; any other error as it is. */
export function explained(error: unknown, folder: string): unknown {
  if (isPortTaken(error))
    return new Failed(
      `${messageOf(error)}. Another program has that port: end it, or give another one with --port or --page-port.`,
      { cause: error },
    );
  if (!(error instanceof TemplateFault)) return error;
  const lines = error.findings.map((finding) => findingLine(finding, folder));
  const count = lines.length === 1 ? 'one thing' : `${lines.length} things`;
  return new Failed([`The template cannot be played, for ${count}:`, ...lines].join('\n'), { cause: error });
}

function isPortTaken(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'EADDRINUSE') || isPortTaken(error.cause);
}
