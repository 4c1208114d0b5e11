/**
 * Lets a candidate import a validator that Ajv compiled beforehand, as a build step of an application would.
 *
 * @module
 */
import { Ajv, type Options } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import type { Plugin } from 'esbuild';

import { eventSchema, itemSchema } from '../job/schema.ts';
import { libraryRoot } from '../paths.ts';

const forEsm: Options = { allErrors: true, code: { source: true, esm: true } };
// What @middy/validator compiles with when it is left to do it.
const asMiddyDoes: Options = { ...forEsm, coerceTypes: 'array', useDefaults: 'empty' };

const sources: Readonly<Record<string, () => string>> = {
  'bench:validate-item': () => compile(itemSchema, forEsm),
  'bench:validate-event': () => compile(eventSchema, asMiddyDoes),
};

/** The esbuild plugin behind `import validateItem from 'bench:validate-item'`. */
export const compiledValidators: Plugin = {
  name: 'compiled-validators',
  setup(build) {
    build.onResolve({ filter: /^bench:/ }, ({ path }) => ({ path, namespace: 'bench' }));
    build.onLoad({ filter: /.*/, namespace: 'bench' }, ({ path }) => {
      const source = sources[path];
      if (!source) return { errors: [{ text: `no compiled validator is called ${path}` }] };
      return { contents: source(), loader: 'js', resolveDir: libraryRoot };
    });
  },
};

function compile(schema: object, options: Options): string {
  const ajv = new Ajv(options);
  return standalone.default(ajv, ajv.compile(schema));
}
