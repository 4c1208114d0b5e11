/**
 * What the API is called.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { OpenApiInfo } from 'handlersmith/openapi';

import type { Input } from '../command.ts';
import { codeOf, messageOf, WrongUse } from '../problem.ts';

/**
 * Title and version, from options or the nearest package.json.
 *
 * @param file - where to look from, upwards
 * @throws WrongUse where neither says a title
 */
export function infoOf(input: Input, file: string): OpenApiInfo {
  const { name, version = '0.0.0', description } = nearestPackage(dirname(file));
  const title = input.text('title') ?? name;
  const apiVersion = input.text('api-version') ?? version;
  if (title === undefined) throw new WrongUse('No package.json says a name: give --title.');
  return { title, version: apiVersion, ...(description !== undefined && { description }) };
}

interface Described {
  readonly name?: string;
  readonly version?: string;
  readonly description?: string;
}

function nearestPackage(start: string): Described {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    try {
      const { name, version, description } = JSON.parse(readFileSync(file, 'utf8')) as Record<
        string,
        unknown
      >; // looked at below
      return {
        ...(typeof name === 'string' && { name }),
        ...(typeof version === 'string' && { version }),
        ...(typeof description === 'string' && { description }),
      };
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw new WrongUse(`${file}: ${messageOf(error)}`, { cause: error });
      if (dirname(folder) === folder) return {};
    }
  }
}
