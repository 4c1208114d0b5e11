/**
 * Packages that cannot be bundled: those with parts for one platform.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, parse } from 'node:path';

import type { Plugin } from 'esbuild';

/** Told to the resolver's own second look at an import. */
const LOOKED_AT = Symbol('looked at');

/** Leaves packages with native parts where they are installed. Their imports name the file, wherever the bundle lies. */
export const nativePackages: Plugin = {
  name: 'native packages',
  setup(build) {
    const native = new Map<string, boolean>();
    build.onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === LOOKED_AT || path.startsWith('node:')) return undefined;
      const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: LOOKED_AT });
      if (found.errors.length > 0 || found.external) return undefined;
      const folder = packageFolder(found.path);
      if (folder === undefined) return undefined;
      const isNative = native.get(folder) ?? hasNativeParts(folder);
      native.set(folder, isNative);
      return isNative ? { path: found.path, external: true } : undefined;
    });
    build.onResolve({ filter: /\.node$/ }, ({ path, resolveDir }) => {
      try {
        return { path: createRequire(join(resolveDir, 'index.js')).resolve(path), external: true };
      } catch {
        return undefined;
      }
    });
  },
};

/** The folder of the installed package a file belongs to. */
function packageFolder(file: string): string | undefined {
  const match = /^(.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+)[/\\]/.exec(file);
  return match?.[1];
}

interface PackageFile {
  readonly gypfile?: boolean;
  readonly binary?: unknown;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function hasNativeParts(folder: string): boolean {
  let description: PackageFile;
  try {
    description = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageFile; // npm's own format
  } catch {
    return false;
  }
  const { gypfile, binary, scripts = {}, optionalDependencies = {} } = description;
  const install = `${scripts['preinstall'] ?? ''} ${scripts['install'] ?? ''} ${scripts['postinstall'] ?? ''}`;
  return (
    gypfile === true ||
    binary !== undefined ||
    /node-gyp|prebuild|node-pre-gyp|cmake-js/.test(install) ||
    Object.keys(optionalDependencies).some((name) => /(?:linux|darwin|win32).*(?:x64|arm64)/.test(name))
  );
}

/** The nearest folder upwards that holds one of the names. */
export function folderAbove(
  start: string,
  names: readonly string[],
  holds: (path: string) => boolean,
): string | undefined {
  const { root } = parse(start);
  for (let folder = start; ; folder = dirname(folder)) {
    if (names.some((name) => holds(join(folder, name)))) return folder;
    if (folder === root) return undefined;
  }
}
