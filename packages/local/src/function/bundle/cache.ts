/**
 * Bundles kept between runs.
 *
 * @module
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';

import { folderAbove } from './native.ts';

/** Milliseconds a bundle may lie unused. Whoever still runs it finds its source map so long. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

const LOCK_FILES = ['pnpm-lock.yaml', 'package-lock.json', 'yarn.lock', 'bun.lock', 'bun.lockb'] as const;

/** A bundle on the disk. */
export interface Kept {
  readonly file: string;
  /** Absolute paths of what it was made of. */
  readonly inputs: readonly string[];
  /** Names that it exports; none where that cannot be told. */
  readonly exports?: readonly string[];
}

export interface Cache {
  /** The bundle of an earlier run, if it would come out the same now. */
  find(): Promise<Kept | undefined>;
  /** Keeps a bundle. Two runners may do so at once. */
  keep(made: Made): Promise<Kept>;
}

/** What is to be kept. */
export interface Made extends Omit<Kept, 'file'> {
  readonly code: Uint8Array;
  readonly map: Uint8Array | undefined;
}

interface Entry extends Pick<Kept, 'exports'> {
  readonly file: string;
  /** State of every input: its content's hash, or size and time for an installed package's. */
  readonly inputs: Readonly<Record<string, string>>;
}

/**
 * The cache of one entry point. What is kept is good as long as every file it was made of is the same, and the lock
 * file: with another version of a package, an import leads to another file.
 *
 * @param options - everything else that the bundle depends on
 */
export async function openCache(entryPoint: string, options: unknown): Promise<Cache> {
  const folder = await cacheFolder(dirname(entryPoint));
  const lock = await lockState(dirname(entryPoint));
  const key = hash(JSON.stringify([entryPoint, options, lock]));
  const entryFile = join(folder, `${key}.json`);

  return {
    async find() {
      try {
        const entry = JSON.parse(await readFile(entryFile, 'utf8')) as Entry; // written below
        const inputs = Object.entries(entry.inputs);
        const same = await Promise.all(inputs.map(async ([path, state]) => (await stateOf(path)) === state));
        if (same.includes(false)) return undefined;
        const now = new Date();
        const used = [entryFile, entry.file, `${entry.file}.map`];
        await Promise.all(used.map((file) => utimes(file, now, now)));
        return { ...entry, inputs: inputs.map(([path]) => path) };
      } catch {
        return undefined;
      }
    },
    async keep({ code, map, inputs, ...more }) {
      const file = join(folder, `${key}-${hash(code)}.mjs`);
      const states = await Promise.all(inputs.map(async (path) => [path, await stateOf(path)] as const));
      const mapped =
        map !== undefined && Buffer.concat([code, Buffer.from(`//# sourceMappingURL=${file}.map\n`)]);
      if (map !== undefined) await writeWhole(`${file}.map`, map);
      await writeWhole(file, mapped === false ? code : mapped);
      await writeWhole(
        entryFile,
        JSON.stringify({ ...more, file, inputs: Object.fromEntries(states) } satisfies Entry),
      );
      await dropOld(folder);
      return { ...more, file, inputs };
    },
  };
}

async function cacheFolder(start: string): Promise<string> {
  const above = folderAbove(start, ['node_modules'], existsSync);
  const installed = above && join(above, 'node_modules', '.cache', 'handlersmith');
  const folders = [
    ...(installed === undefined ? [] : [installed]),
    join(tmpdir(), `handlersmith-${userInfo().username}`),
  ];
  let problem: unknown;
  for (const folder of folders) {
    try {
      // The second is for when the first fails.
      // oxlint-disable no-await-in-loop
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // Who can write to installed packages has no need of this.
      if (folder !== installed) await checkOwn(folder);
      // oxlint-enable no-await-in-loop
      return folder;
    } catch (error) {
      problem = error;
    }
  }
  throw new Error(`Cannot write to ${folders.join(' or ')}, where bundles are kept`, { cause: problem });
}

/** What lies there is run: nobody else may put it there. A folder for all to write to has a name that all can guess. */
async function checkOwn(folder: string): Promise<void> {
  const found = await lstat(folder);
  const us = process.getuid?.();
  if (us === undefined) return;
  if (!found.isDirectory() || found.uid !== us || (found.mode & 0o022) !== 0)
    throw new Error(`${folder} can be written to by others`);
}

async function lockState(start: string): Promise<string> {
  const folder = folderAbove(start, LOCK_FILES, existsSync);
  if (folder === undefined) return '';
  const states = await Promise.all(LOCK_FILES.map((name) => stateOf(join(folder, name))));
  return states.join();
}

async function stateOf(path: string): Promise<string> {
  try {
    if (!path.includes('node_modules')) return hash(await readFile(path));
    const { size, mtimeMs } = await stat(path);
    return `${size} ${mtimeMs}`;
  } catch {
    return 'gone';
  }
}

/** Whoever reads the file at the same time finds the old one or the new one, never a part. */
async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, content);
  await rename(draft, file);
}

async function dropOld(folder: string): Promise<void> {
  const before = Date.now() - KEPT_MS;
  const names = await readdir(folder);
  await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Infinity }));
      if (mtimeMs < before) await rm(file, { force: true });
    }),
  );
}

function hash(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
