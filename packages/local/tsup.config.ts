import { cpSync } from 'node:fs';
import { join } from 'node:path';

import { library } from '../tsup.library.ts';

// What runs in a function's process, beside the package that starts it.
const programs = { runtime: 'src/function/runtime/main.ts', standin: 'src/function/client/standin.ts' };

/** The page's files go to the browser as they are, from beside the server that sends them. */
const copyPage = async (): Promise<void> =>
  cpSync(join(import.meta.dirname, 'src/page/static'), join(import.meta.dirname, 'dist/static'), {
    recursive: true,
    filter: (source) => !source.includes('tsconfig'),
  });

export default library(import.meta.dirname, { onSuccess: copyPage }, programs);
