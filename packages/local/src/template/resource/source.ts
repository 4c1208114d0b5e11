/**
 * Where the source of a function is.
 *
 * @module
 */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

/** Folders that builds write to: the source is looked for beside them. */
const outputFolders: ReadonlySet<string> = new Set(['dist', 'build', 'out', 'lib', '.build', '.esbuild']);

const typescript = ['.ts', '.mts'] as const;
const javascript = ['.js', '.mjs', '.cjs'] as const;

/** What a template says of a function's code. */
export interface Code {
  /** The template's file. */
  readonly template: string;
  /** Such as `src/app.handler`. */
  readonly handler: string;
  /** The folder of the code, as written; `undefined` where the template names an artefact that was uploaded. */
  readonly folder: string | undefined;
  /** Files that the build starts from, relative to the folder. */
  readonly entries: readonly string[];
  /** The file, said outright. */
  readonly given: string | undefined;
}

export interface Source {
  readonly folder: string;
  readonly file: string;
  readonly exported: string;
}

/**
 * Finds the file that holds a handler. The first rule that leads to a file counts:
 *
 * 1. the file that was given,
 * 2. the entry point of esbuild that is called like the handler's module, or the only one,
 * 3. the handler's module in the folder of the code; where that is what a build wrote (`dist`, `build`, `out`, `lib`,
 *    or a folder for each function in one of these), in `src` beside it, then in the folder it lies in,
 * 4. where the template names an uploaded artefact: the module beside the template, in `src` there, then in the
 *    folder above and its `src`.
 *
 * In each, TypeScript goes before JavaScript.
 *
 * @returns the source, or the places that were looked at, relative to the template
 */
export function findSource(code: Code): Source | readonly string[] {
  const home = dirname(code.template);
  const { module, exported } = splitHandler(code.handler);
  const folder = resolve(home, code.folder ?? '.');
  const looked: string[] = [];
  const found = (path: string): boolean => {
    looked.push(relative(home, path));
    return isFile(path);
  };
  const foundWith = (path: string, extensions: readonly string[]): string | undefined => {
    looked.push(`${relative(home, path)}.{${extensions.map((extension) => extension.slice(1)).join(',')}}`);
    return extensions.map((extension) => path + extension).find(isFile);
  };

  if (code.given !== undefined) {
    const file = resolve(home, code.given);
    return found(file) ? { folder: dirname(file), file, exported } : looked;
  }
  const entry = entryOf(code.entries, module);
  if (entry !== undefined) {
    const path = resolve(folder, entry);
    const file = found(path) ? path : foundWith(path, [...typescript, ...javascript]);
    if (file !== undefined) return { folder, file, exported };
  }

  const bases = code.folder === undefined ? basesOfArtefact(home) : basesOfFolder(folder);
  for (const extensions of [typescript, javascript]) {
    for (const base of bases) {
      for (const name of modulesOf(module)) {
        const file = foundWith(join(base, name), extensions);
        if (file !== undefined) return { folder: existsSync(folder) ? folder : base, file, exported };
      }
    }
  }
  return looked;
}

/** Lambda takes what follows the first dot of the last part of the path as the export. */
function splitHandler(handler: string): { readonly module: string; readonly exported: string } {
  const name = basename(handler);
  const dot = name.indexOf('.');
  return { module: join(dirname(handler), name.slice(0, dot)), exported: name.slice(dot + 1) };
}

function entryOf(entries: readonly string[], module: string): string | undefined {
  return (
    entries.find((entry) => stem(entry) === basename(module)) ??
    (entries.length === 1 ? entries[0] : undefined)
  );
}

function basesOfFolder(folder: string): readonly string[] {
  const above = dirname(folder);
  if (outputFolders.has(basename(folder))) return [folder, join(above, 'src'), above];
  if (!outputFolders.has(basename(above))) return [folder];
  const sources = join(dirname(above), 'src');
  return [folder, join(sources, basename(folder)), sources];
}

function basesOfArtefact(home: string): readonly string[] {
  const above = dirname(home);
  return [home, join(home, 'src'), above, join(above, 'src')];
}

function modulesOf(module: string): readonly string[] {
  const [first = '', ...rest] = module.split('/');
  return outputFolders.has(first) && rest.length > 0
    ? [module, join('src', ...rest), join(...rest)]
    : [module];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function stem(path: string): string {
  return basename(path).replace(/\.[cm]?[jt]sx?$/, '');
}
