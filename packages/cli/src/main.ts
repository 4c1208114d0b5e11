#!/usr/bin/env node
/**
 * The program `handlersmith`.
 *
 * @module
 */
import { runCli } from './run.ts';

// Whoever reads our output may have read enough: `handlersmith event s3 | head -1`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode);
});

process.exitCode = await runCli(process.argv.slice(2));
