/**
 * `pnpm model`: the store's protocol, explored state by state. Fails when something that must hold breaks, or
 * something that must break does not, or breaks otherwise.
 *
 * @module
 */
import { check, exitCodeOf } from './check.ts';
import { help, readOptions, type ModelOptions } from './options.ts';
import { header, row, sum, traces } from './report.ts';

try {
  process.exitCode = main(readOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

function main(options: ModelOptions): number {
  const say = (text: string): boolean => options.json || process.stdout.write(`${text}\n`);
  if (options.help) {
    process.stdout.write(help);
    return 0;
  }
  say(header());
  const outcomes = options.configurations.map((configuration) => {
    const outcome = check(configuration);
    say(row(outcome));
    return outcome;
  });
  say(`\n${sum(outcomes)}`);
  if (options.traces) for (const outcome of outcomes) say(traces(outcome));
  if (options.json) process.stdout.write(`${JSON.stringify(outcomes, null, 2)}\n`);
  return exitCodeOf(outcomes);
}
