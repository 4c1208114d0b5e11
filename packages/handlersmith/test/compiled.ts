/**
 * Ajv functions as a build step makes them: standalone code, loaded as a module of its own.
 *
 * @module
 */
import { createRequire } from 'node:module';

import { Ajv, type Options } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

import type { CompiledSchema } from '../src/handler/schema.ts';

/**
 * Compiles a JSON Schema ahead of time.
 *
 * @param schema - a JSON Schema
 * @param options - Ajv's own, `useDefaults` for example
 */
export function compiled<Output>(schema: object, options: Options = {}): CompiledSchema<Output> {
  const ajv = new Ajv({ allErrors: true, ...options, code: { source: true } });
  const code = standalone.default(ajv, ajv.compile(schema));
  const module: { exports: unknown } = { exports: undefined };
  // Standalone code is CommonJS: it writes to `module` and may require parts of Ajv's runtime.
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- it was generated two lines above
  new Function('module', 'exports', 'require', code)(module, {}, createRequire(import.meta.url));
  return module.exports as CompiledSchema<Output>; // what standalone code exports
}
