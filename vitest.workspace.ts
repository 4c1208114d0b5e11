import { globSync } from 'node:fs';
import { dirname } from 'node:path';

import { defineConfig } from 'vitest/config';

const conditions = ['@handlersmith/source'];

/**
 * Played apps are processes, pipes and clocks of a machine that runs all tests at once: what fails there once is asked
 * once more, and the report says so. The library's own tests, and what a property was found not to hold for, are not.
 */
const onceMore = { count: 1, condition: /^(?!Property failed)/ };

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // All cores: left to itself Vitest keeps one free, which on a machine with two is half of them.
    maxWorkers: '100%',
    projects: globSync('{packages/*,examples/*,docs}/package.json', { cwd: import.meta.dirname })
      .map(dirname)
      .map((root) => ({
        extends: true as const,
        root,
        test: {
          name: root,
          // Generous: a test that hangs is found either way, and machines that run all of them at once are slow.
          testTimeout: 30_000,
          hookTimeout: 60_000,
          retry: process.env['CI'] === undefined || root === 'packages/handlersmith' ? 0 : onceMore,
          include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'model/**/*.test.ts'],
          typecheck: { enabled: true, include: ['src/**/*.test-d.ts', 'test/**/*.test-d.ts'] },
        },
      })),
    reporters: process.env['CI'] === undefined ? ['default'] : ['default', 'json'],
    outputFile: { json: 'reports/tests.json' },
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**'],
      exclude: ['**/*.test.ts', '**/*.test-d.ts'],
      reporter: ['text', 'json-summary'],
    },
  },
});
