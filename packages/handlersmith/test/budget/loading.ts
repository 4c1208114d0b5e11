/**
 * What importing an entry brings into a fresh process.
 *
 * @module
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { run } from '../build/command.ts';
import { folderOf } from '../build/workspace.ts';

const folder = folderOf('handlersmith');

/**
 * Node's own modules that code loads: exact and repeatable, and what dominates a cold start.
 *
 * @param code - statements of an ES module, run in the package's folder
 * @returns names without `node:`, in the order they were loaded
 */
export async function builtinsLoadedBy(code: string): Promise<string[]> {
  // The first import() loads what import() itself needs. process.moduleLoadList is what Node's own tests use.
  const script = `
    await import('data:text/javascript,');
    const before = new Set(process.moduleLoadList);
    ${code}
    const added = process.moduleLoadList.filter((name) => name.startsWith('NativeModule ') && !before.has(name));
    process.stdout.write('\\n' + JSON.stringify(added.map((name) => name.replace('NativeModule ', ''))));`;
  return lastLineOf(script);
}

/**
 * The files that code loads.
 *
 * @param code - statements of an ES module, run in the package's folder
 * @returns paths within our package (`dist/http.js`), names of other packages (`@aws-lambda-powertools/logger`), each once
 */
export async function modulesLoadedBy(code: string): Promise<string[]> {
  const script = `
    const { registerHooks } = await import('node:module');
    const urls = new Set();
    registerHooks({ load(url, context, next) { if (url.startsWith('file:')) urls.add(url); return next(url, context); } });
    ${code}
    process.stdout.write('\\n' + JSON.stringify([...urls]));`;
  const urls = await lastLineOf(script);
  return [...new Set(urls.map((url) => nameOf(fileURLToPath(url))))];
}

async function lastLineOf(script: string): Promise<string[]> {
  const output = await run(process.execPath, ['--input-type=module', '--eval', script], folder);
  return JSON.parse(output.slice(output.lastIndexOf('\n'))) as string[]; // written by the two scripts above
}

function nameOf(path: string): string {
  const dependency = /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(path)?.[1];
  return (dependency ?? path.replace(join(folder, '/'), '')).replaceAll('\\', '/');
}
