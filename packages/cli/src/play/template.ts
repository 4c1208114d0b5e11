/**
 * Which template is meant.
 *
 * @module
 */
import { globSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

import { WrongUse } from '../problem.ts';

/** Where templates are, in a folder, by the tool that puts them there. The first that is there counts. */
const PLACES = [
  'template.yaml',
  'template.yml',
  'template.json',
  'cdk.out/*.template.json',
  '.serverless/cloudformation-template-update-stack.json',
] as const;

/** Folders that tools write into: the app is beside them. */
const INSIDE = new Set(['cdk.out', '.serverless', '.aws-sam', 'build']);

/**
 * Finds the template.
 *
 * @param given - a file, a folder to look in, or undefined for the folder the command runs in
 * @param folder - absolute
 * @returns its absolute path
 * @throws WrongUse where there is none, or more than one
 */
export function findTemplate(given: string | undefined, folder: string): string {
  const path = resolve(folder, given ?? '.');
  const kind = kindOf(path);
  if (kind === 'file') return path;
  if (kind === undefined) throw new WrongUse(`There is no ${given ?? path}.`);
  const found = inside(path);
  const [only, ...others] = found;
  const shown = (file: string): string => relative(folder, file) || file;
  if (only === undefined)
    throw new WrongUse(`There is no template in ${path}. Looked for ${PLACES.join(', ')}.`);
  if (others.length > 0)
    throw new WrongUse(`There are ${found.length} templates; name one of ${found.map(shown).join(', ')}.`);
  return only;
}

/** The folder of the app, past those that tools write into. */
export function homeOf(template: string): string {
  let home = dirname(template);
  while (INSIDE.has(basename(home)) && dirname(home) !== home) home = dirname(home);
  return home;
}

function inside(folder: string): string[] {
  // `cdk.out` itself may be given, and `.serverless`.
  const own = basename(folder);
  for (const place of PLACES) {
    const pattern = place.startsWith(`${own}/`) ? place.slice(own.length + 1) : place;
    const found = globSync(pattern, { cwd: folder }).filter(
      (file) => !file.endsWith('.nested.template.json'),
    );
    if (found.length > 0) return found.toSorted().map((file) => join(folder, file));
  }
  return [];
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  return found.isDirectory() ? 'folder' : 'file';
}
