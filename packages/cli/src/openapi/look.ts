/**
 * Looks at a handler, in a process of its own: a module may do anything when it is loaded.
 *
 * @module
 */
import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bundleSource } from '@handlersmith/local';
import type { OpenApiDocument, OpenApiInfo } from 'handlersmith/openapi';

import { Failed } from '../problem.ts';
import type { Terminal } from '../terminal.ts';
import type { HandlerSource } from './source.ts';

/** What the process is asked. */
export interface Question {
  /** A bundle. */
  readonly file: string;
  /** What it was bundled from. */
  readonly source: string;
  readonly exported: string;
  readonly info: OpenApiInfo;
  readonly servers: readonly string[];
}

/** What it says. */
export type Look =
  | { readonly kind: 'document'; readonly document: OpenApiDocument }
  /** A handler, but without routes. */
  | { readonly kind: 'no router'; readonly message: string }
  | { readonly kind: 'fault'; readonly message: string };

/**
 * Makes the document of a handler.
 *
 * @throws Failed where its source cannot be bundled or loaded, or a schema has no JSON Schema
 */
export async function lookAt(
  handler: HandlerSource,
  question: Pick<Question, 'info' | 'servers'>,
  terminal: Terminal,
): Promise<Look & { readonly kind: 'document' | 'no router' }> {
  const { name, file, folder, exported } = handler;
  const bundle = await bundleSource(file, { folder });
  if (!bundle.ok) throw new Failed(`${name}: ${bundle.error.errorMessage}`);
  const look = await askProcess(
    handler,
    { ...question, file: bundle.file, source: file, exported },
    terminal,
  );
  if (look.kind === 'fault') throw new Failed(`${name}: ${look.message}`);
  return look;
}

function askProcess({ environment }: HandlerSource, question: Question, terminal: Terminal): Promise<Look> {
  const program = new URL(
    extname(import.meta.url) === '.ts' ? 'describe.ts' : 'describe.js',
    import.meta.url,
  );
  const child = fork(fileURLToPath(program), {
    env: { ...terminal.environment, ...environment },
    execArgv: [...process.execArgv, '--enable-source-maps'],
    // What the module writes is not the document.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.on('data', (text: Buffer) => terminal.stderr.write(text));
  child.stderr?.on('data', (text: Buffer) => terminal.stderr.write(text));
  child.send(question);
  return new Promise((resolve, reject) => {
    child.on('message', (look: Look) => resolve(look)); // describe.ts sends nothing else
    child.on('error', reject);
    child.on('exit', (code) => reject(new Failed(`it ended its process with ${code} while it was loaded`)));
  });
}
