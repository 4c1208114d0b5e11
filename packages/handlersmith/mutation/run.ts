/**
 * Changes the code in small ways, one at a time, and finds out whether a test notices: `pnpm mutation [group…]`.
 *
 * @module
 */
import { rmSync } from 'node:fs';

import { installApart } from '../bench/build/apart.ts';
import { progress } from '../bench/report/progress.ts';
import { copyOfTree } from './copy.ts';
import { groups } from './groups.ts';
import { mutate, strykerRoot } from './stryker.ts';

const asked = process.argv.slice(2).filter((argument) => argument !== '--'); // pnpm hands a leading one on
const unknown = asked.filter((name) => !Object.hasOwn(groups, name));

if (unknown.length > 0) {
  process.stderr.write(
    `There is no ${unknown.join(', no ')}: it is one of ${Object.keys(groups).join(', ')}\n`,
  );
  process.exitCode = 2;
} else {
  const below = mutated(asked.length > 0 ? asked : Object.keys(groups));
  if (below.length > 0) {
    process.stderr.write(`\nToo many mutants went unnoticed, or Stryker failed: ${below.join(', ')}\n`);
    process.exitCode = 1;
  }
}

/** Mutates groups one after the other. Gives the names of those that did not reach their score. */
function mutated(names: readonly string[]): readonly string[] {
  installApart(strykerRoot);
  const root = copyOfTree();
  try {
    return names.filter((name) => {
      const group = groups[name];
      if (group === undefined) return false;
      progress(`${name}: tests must notice ${group.least} % of the mutants`);
      return !mutate(root, group);
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
