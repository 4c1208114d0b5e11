/**
 * The file by which other commands find a running `dev`.
 *
 * @module
 */
import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { codeOf, Failed, messageOf } from '../problem.ts';
import { homeOf } from './template.ts';

/** A `dev` that runs, or starts: without an endpoint it cannot be asked yet, or never. */
export interface DevState {
  readonly pid: number;
  /** Absolute path. */
  readonly template: string;
  /** Where its API is. */
  readonly endpoint?: string;
  readonly token?: string;
}

/** The right to play a template's app, which one process has. */
export interface Claim {
  /** Says where it can be asked. */
  publish(where: Required<Pick<DevState, 'endpoint' | 'token'>>): void;
  /** Takes the file away. May be called more than once. */
  release(): void;
}

const FOLDER = '.handlersmith';
const FILE = 'dev.json';

/**
 * Claims an app for this process.
 *
 * @throws Failed where another process plays it, or the file cannot be written
 */
export function claim(template: string): Claim {
  const folder = join(homeOf(template), FOLDER);
  const file = join(folder, FILE);
  const state: DevState = { pid: process.pid, template };
  try {
    mkdirSync(folder, { recursive: true });
    // One that a process left behind, which is gone.
    if (readState(file) === undefined) rmSync(file, { force: true });
    write(file, state, 'wx');
  } catch (cause) {
    const other = readState(file);
    if (other !== undefined) throw new Failed(inUse(other, file), { cause });
    removeEmpty(folder);
    throw new Failed(`Cannot write ${file}: ${messageOf(cause)}`, { cause });
  }

  let isHeld = true;
  const release = (): void => {
    if (!isHeld) return;
    isHeld = false;
    process.off('exit', release);
    rmSync(file, { force: true });
    removeEmpty(folder);
  };
  process.once('exit', release);
  return {
    release,
    publish(where) {
      // Whoever reads it meanwhile reads the one or the other, never a half.
      const next = `${file}.${process.pid}`;
      write(next, { ...state, ...where }, 'w');
      renameSync(next, file);
    },
  };
}

/** The `dev` that plays this very template; undefined where none does, or one that cannot be asked. */
export function runningDev(template: string): Required<DevState> | undefined {
  const state = readState(join(homeOf(template), FOLDER, FILE));
  if (state?.template !== template || state.endpoint === undefined || state.token === undefined)
    return undefined;
  return { ...state, endpoint: state.endpoint, token: state.token };
}

/** What a file says, unless it is stale: left behind by a process that is gone, or no such file. */
function readState(file: string): DevState | undefined {
  try {
    const { pid, template, endpoint, token } = JSON.parse(readFileSync(file, 'utf8')) as Partial<DevState>; // checked below
    if (typeof pid !== 'number' || typeof template !== 'string' || !lives(pid)) return undefined;
    if (typeof endpoint !== 'string' || typeof token !== 'string') return { pid, template };
    return { pid, template, endpoint, token };
  } catch {
    return undefined;
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // There is more in it, the data of an app; or it was never made.
  }
}

/** Nobody but the user may read the token. */
function write(file: string, state: DevState, flag: 'w' | 'wx'): void {
  try {
    writeFileSync(file, `${JSON.stringify(state)}\n`, { flag, mode: 0o600 });
  } catch (error) {
    // A full disk leaves a file with nothing in it.
    if (codeOf(error) !== 'EEXIST') rmSync(file, { force: true });
    throw error;
  }
}

function inUse({ pid, template, endpoint }: DevState, file: string): string {
  const where = endpoint === undefined ? '' : ` at ${endpoint}`;
  return `${template} is being played already${where}, by process ${pid}. End that one first; if it is no handlersmith, delete ${file}.`;
}

function lives(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is somebody else's, and there.
    return codeOf(error) === 'EPERM';
  }
}
