import { join } from 'node:path';

import type { Options } from 'tsup';

import { library } from '../tsup.library.ts';

/**
 * Importing a built-in as a module evaluates all it exports. Middy imports two of them for one name each, and a cold
 * start would pay for undici (behind `node:http`) and for `timers/promises`. The bundled copy gets the reason phrases
 * from our own table, and the timer from where every program has it.
 */
const cheapBuiltins: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'cheap-builtins',
  setup(build) {
    const inMiddy = /[\\/]@middy[\\/]/;
    const table = join(import.meta.dirname, 'src/http/status.ts');
    build.onResolve({ filter: /^node:http$/ }, ({ importer }) =>
      inMiddy.test(importer) ? { path: table, sideEffects: false } : undefined,
    );
    build.onResolve({ filter: /^node:timers$/ }, ({ importer }) =>
      inMiddy.test(importer) ? { path: 'timers', namespace: 'global', sideEffects: false } : undefined,
    );
    build.onLoad({ filter: /^timers$/, namespace: 'global' }, () => ({
      contents: 'export const { setTimeout } = globalThis;',
    }));
  },
};

export default library(import.meta.dirname, {
  // Middy is part of what we ship: users get one package, and the middlewares they bring fit any Middy.
  noExternal: [/^@middy\//],
  esbuildPlugins: [cheapBuiltins],
});
