import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Options } from 'tsup';

import { library } from '../tsup.library.ts';

/**
 * `@middy/util` imports `node:http` for one table of reason phrases. Evaluating that module costs a cold start more
 * than everything else in the stack, so the bundled copy reads our own table.
 */
const ownStatusTable: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'own-status-table',
  setup(build) {
    const table = join(import.meta.dirname, 'src/http/status.ts');
    build.onResolve({ filter: /^node:http$/ }, ({ importer }) =>
      /[\\/]@middy[\\/]util[\\/]/.test(importer) ? { path: table, sideEffects: false } : undefined,
    );
  },
};

const entries = {
  http: 'src/http/index.ts',
  openapi: 'src/openapi/index.ts',
  logging: 'src/observability/index.ts',
  tracing: 'src/tracing/index.ts',
  opentelemetry: 'src/tracing/opentelemetry.ts',
};

export default library(
  Object.fromEntries(
    Object.entries(entries).filter(([, file]) => existsSync(join(import.meta.dirname, file))),
  ),
  {
    // Middy is part of what we ship: users get one package, and the middlewares they bring fit any Middy.
    noExternal: [/^@middy\//],
    esbuildPlugins: [ownStatusTable],
  },
);
