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
    parameters: (host, port, dataFile) => [
      'serve',
      '--host',
      host,
      '--port',
      String(port),
      ...(dataFile === undefined ? [] : ['--db-path', dataFile]),
    ],
    listens: (output, host, port) => output.includes(`listening on http://${host}:${port}`),
    portTaken: (output) => /already in use|address in use/iu.test(output),
  };
}
