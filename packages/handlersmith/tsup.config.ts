import type { Options } from 'tsup';

import { library } from '../tsup.library.ts';

/**
 * Importing a built-in as a module evaluates all it exports. Middy and the Powertools Logger import three of them for
 * one name each, and a cold start would pay for undici (behind `node:http`), `timers/promises` and `node:crypto`,
 * also where nothing is logged, since a bundler moves such imports to the top. The bundled copies get the timer from where
 * every program has it, and the random number when they ask for it.
 *
 * Middy's errors get no reason phrases, which are all that it wants `node:http` for: none of them gets out of the code of
 * ours that calls Middy. Those of the validator are not even made, so it goes without their class.
 */
const cheapBuiltins: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'cheap-builtins',
  setup(build) {
    const inMiddy = /[\\/]@middy[\\/]/;
    const inValidator = /[\\/]@middy[\\/]validator[\\/]/;
    const inLogger = /[\\/]@aws-lambda-powertools[\\/]logger[\\/]/;
    build.onResolve({ filter: /^node:http$/ }, ({ importer }) =>
      inMiddy.test(importer) ? { path: 'http', namespace: 'wordless', sideEffects: false } : undefined,
    );
    build.onLoad({ filter: /^http$/, namespace: 'wordless' }, () => ({
      contents: 'export const STATUS_CODES = {};',
    }));
    build.onResolve({ filter: /^@middy\/util$/ }, ({ importer }) =>
      inValidator.test(importer) ? { path: 'errors', namespace: 'plain', sideEffects: false } : undefined,
    );
    build.onLoad({ filter: /^errors$/, namespace: 'plain' }, () => ({
      contents: `export const createError = (status, message, options) => new Error(message, options);
        export const validateOptions = () => {};`,
    }));
    build.onResolve({ filter: /^node:timers$/ }, ({ importer }) =>
      inMiddy.test(importer) ? { path: 'timers', namespace: 'global', sideEffects: false } : undefined,
    );
    build.onLoad({ filter: /^timers$/, namespace: 'global' }, () => ({
      contents: 'export const { setTimeout } = globalThis;',
    }));
    build.onResolve({ filter: /^node:crypto$/ }, ({ importer }) =>
      inLogger.test(importer) ? { path: 'crypto', namespace: 'when-asked', sideEffects: false } : undefined,
    );
    build.onLoad({ filter: /^crypto$/, namespace: 'when-asked' }, () => ({
      contents: `export const randomInt = (...range) => process.getBuiltinModule('node:crypto').randomInt(...range);`,
    }));
  },
};

export default library(import.meta.dirname, {
  // Middy and the logger are part of what we ship. The middlewares teams bring fit any Middy; a logger of their own is
  // used through its public methods, whichever copy made it.
  noExternal: [/^@middy\//, /^@aws-lambda-powertools\/(?:logger|commons)/],
  esbuildPlugins: [cheapBuiltins],
});
