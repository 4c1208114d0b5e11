/**
 * Finds the handler in the function's module.
 *
 * @module
 */
import { pathToFileURL } from 'node:url';

import { runtimeError } from './failure.ts';
import { streams } from './stream.ts';

export interface Handler {
  /** `(event, context)`, or `(event, stream, context)` of one that streams. */
  readonly call: (...parameters: unknown[]) => unknown;
  readonly streaming: boolean;
}

/**
 * Loads the module and takes the handler out of it.
 *
 * @param file - of the module
 * @param exported - name of the export, with dots where it lies deeper
 * @throws Error with the name that Lambda reports, such as `Runtime.ImportModuleError`
 */
export async function loadHandler(file: string, exported: string): Promise<Handler> {
  const loaded = await importModule(file);
  const name = process.env['_HANDLER'] ?? exported;
  const handler = findIn(loaded, exported) ?? findIn(memberOf(loaded, 'default'), exported);
  if (handler === undefined || handler === null)
    throw runtimeError('HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw runtimeError('HandlerNotFound', `${name} is not a function`);

  const streaming = streams(handler);
  if (handler.length >= 3 && !streaming) {
    throw runtimeError(
      'CallbackHandlerDeprecated',
      `${name} takes a callback, which Lambda has not called since Node.js 24: return the answer or a promise of it. See https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html`,
    );
  }
  return { call: handler as Handler['call'], streaming }; // what it takes is the caller's matter
}

async function importModule(file: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError) {
      const failure = runtimeError('UserCodeSyntaxError', String(error), error);
      if (error.stack !== undefined) failure.stack = error.stack;
      throw failure;
    }
    const code = memberOf(error, 'code');
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND')
      throw runtimeError('ImportModuleError', String(error), error);
    throw error;
  }
}

function findIn(module: unknown, path: string): unknown {
  return path.split('.').reduce(memberOf, module);
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined; // an object has members of any name
}
