import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

const program = `
import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
await import('@handlersmith/local');
console.log(JSON.stringify(loaded));
`;

test('importing the package loads no parser, bundler or client of AWS: they come when they are needed', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@handlersmith/source', '--input-type=module', '-e', program],
    { cwd: import.meta.dirname },
  );
  const loaded = JSON.parse(stdout) as string[]; // printed so by the program
  expect(loaded.length).toBeGreaterThan(10);
  const heavy = /\/node_modules\/(?:yaml|esbuild|postal-mime|@aws-sdk)\//u;
  expect(loaded.filter((url) => heavy.test(url))).toEqual([]);
});
