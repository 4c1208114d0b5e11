/**
 * A `dev` that runs.
 *
 * @module
 */
import { createServer, type Server } from 'node:net';

import { APP, folderWith, type Program, type ProgramOptions, startProgram } from '../program.fixture.ts';

const READY = 'Ctrl-C ends it.';

/** Starts one and waits until it says that it is ready. */
export async function dev(
  words: readonly string[] = [],
  options: ProgramOptions = {},
): Promise<Program & { readonly folder: string }> {
  const folder = options.folder ?? folderWith(APP);
  const program = startProgram(['dev', ...words], { ...options, folder });
  await program.says(words.includes('--json') ? '"started"' : READY);
  return { ...program, folder };
}

/** The first address it names. */
export const url = (program: Program): string => /http:\/\/\S+/.exec(program.stdout())?.[0] ?? '';

/** A port that somebody has. */
export async function taken(): Promise<Server & { readonly port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number }; // it listens on TCP
  return Object.assign(server, { port });
}
