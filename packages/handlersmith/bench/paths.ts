/**
 * Where the benchmark keeps its things.
 *
 * @module
 */
import { join } from 'node:path';

/** This folder. */
export const benchRoot: string = import.meta.dirname;

/** The library's package. */
export const libraryRoot: string = join(benchRoot, '..');

/** Bundles and the like; ignored by git. */
export const outputRoot: string = join(benchRoot, 'dist');

/** The peers' own package, with its own lockfile. */
export const peersRoot: string = join(benchRoot, 'peers');
