import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

/** The first column of the table under a heading. */
function firstColumn(heading: string): string[] {
  const section = contributing.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, cell = '']) => cell);
}

describe('the map in CONTRIBUTING.md', () => {
  const named = firstColumn('The map');

  it('names folders that exist', () => {
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((folder) => !existsSync(join(root, folder)))).toEqual([]);
  });

  it('names every folder of sources', () => {
    const sources = globSync('{packages,examples}/*/src/**/*.ts', { cwd: root });
    // A src folder with nothing but folders in it needs no line of its own.
    const folders = [...new Set(sources.map((file) => dirname(file)))];
    expect(folders.length).toBeGreaterThan(8);
    expect(folders.filter((folder) => !named.includes(folder))).toEqual([]);
  });

  it('names every package and example', () => {
    const folders = globSync('{packages,examples}/*/package.json', { cwd: root }).map((file) =>
      dirname(file),
    );
    expect(folders.filter((folder) => !named.includes(folder))).toEqual([]);
  });
});

describe('the commands in CONTRIBUTING.md', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = firstColumn('Commands').map((command) => command.replace(/^pnpm (run )?/, ''));

  it('are the scripts of package.json, all of them', () => {
    expect(named.toSorted()).toEqual(Object.keys(scripts).toSorted());
  });
});

describe('links between Markdown files outside the site', () => {
  it.each(['README.md', 'CONTRIBUTING.md'])('lead somewhere: %s', (file) => {
    const targets = [...readFileSync(join(root, file), 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^https?:/.test(target));
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((target) => !existsSync(join(root, target)))).toEqual([]);
  });
});
