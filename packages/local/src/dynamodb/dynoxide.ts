/**
 * dynoxide: one small program over SQLite that answers the DynamoDB API.
 *
 * @module
 * @see https://github.com/nubo-db/dynoxide
 */
import { join } from 'node:path';

import type { Engine } from './engine.ts';

/** @param folder - of the package that holds the program for this platform */
export function dynoxide(folder: string): Engine {
  return {
    name: 'dynoxide',
    command: join(folder, process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide'),
    patience: 10_000,
    parameters: (port, dataFile) => [
      'serve',
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      ...(dataFile === undefined ? [] : ['--db-path', dataFile]),
    ],
    listens: (output, port) => output.includes(`listening on http://127.0.0.1:${port}`),
    portTaken: (output) => /already in use|address in use/iu.test(output),
  };
}
