/**
 * No code on a page that nothing checks: TypeScript is compiled, YAML and JSON are parsed, commands are scripts.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');
const ignored = (path: string): boolean => /(?:^|\/)(?:node_modules|dist|api|cache)(?:\/|$)/.test(path);
const markdown = (pattern: string): string[] =>
  globSync(pattern, { cwd: root, exclude: ignored }).filter((file) => !ignored(file));

const pages = markdown('docs/**/*.md');
const files = [...pages, ...markdown('{packages,examples}/**/*.md'), ...markdown('*.md')];

interface Block {
  readonly file: string;
  readonly info: string;
  readonly text: string;
}

function blocksOf(file: string): Block[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].map(([, info = '', block = '']) => ({
    file,
    info: info.trim(),
    text: block,
  }));
}

const blocks = files.flatMap(blocksOf);
const language = ({ info }: Block): string => info.split(/[ {[]/)[0] ?? '';

const snippetFiles = globSync('docs/snippets/**/*.ts', { cwd: root });
const snippets = snippetFiles.map((file) => readFileSync(join(root, file), 'utf8'));

describe('TypeScript in Markdown', () => {
  const typescript = blocks.filter((block) => /^(?:ts|tsx|typescript|js|javascript)$/.test(language(block)));

  it.each(typescript.map((block) => [block.file, block.text.split('\n')[0], block] as const))(
    'is compiled: %s, %s',
    (_file, _line, block) => {
      const onSite = pages.includes(block.file);
      const isTwoslash = block.info.split(/\s+/).includes('twoslash');
      const isSnippet = snippets.some((snippet) => snippet.includes(block.text));
      // Twoslash only runs on the site; other files show what a compiled file says.
      expect(onSite && isTwoslash ? true : isSnippet).toBe(true);
    },
  );

  it('there is some', () => {
    expect(typescript.length).toBeGreaterThan(2);
  });
});

describe('files that pages include', () => {
  const included = pages.flatMap((page) =>
    [
      ...readFileSync(join(root, page), 'utf8').matchAll(
        /^<<< @\/([^\s#{]+)(?:#(\S+?))?(?:\{([^}]*)\})?\s*$/gm,
      ),
    ].map(([, file = '', region, info = '']) => ({ page, file, region, info })),
  );

  it('exist, with their regions', () => {
    expect(included.length).toBeGreaterThan(20);
    for (const { file, region } of included) {
      const path = join(root, 'docs', file);
      expect([file, existsSync(path)]).toEqual([file, true]);
      expect(readFileSync(path, 'utf8')).toContain(region === undefined ? '' : `#region ${region}`);
    }
  });

  it('are all snippets, and all snippets are included or shown in a README', () => {
    const shown = new Set(included.map(({ file }) => `docs/${file}`));
    const readmes = blocks.map(({ text }) => text);
    const unused = globSync('docs/snippets/**/*.*', { cwd: root }).filter(
      (file) =>
        !shown.has(file) && !readmes.some((text) => readFileSync(join(root, file), 'utf8').includes(text)),
    );
    expect(unused).toEqual([]);
  });
});

describe('data in Markdown and in snippets', () => {
  const parsers: Readonly<Record<string, (text: string) => unknown>> = {
    json: (text) => JSON.parse(text),
    yaml: (text) => parse(text, { logLevel: 'error' }),
    yml: (text) => parse(text, { logLevel: 'error' }),
  };
  const texts = [
    ...blocks.map((block) => ({ name: block.file, kind: language(block), text: block.text })),
    ...globSync('docs/snippets/**/*.{json,yaml}', { cwd: root }).map((file) => ({
      name: file,
      kind: file.split('.').at(-1) ?? '',
      text: readFileSync(join(root, file), 'utf8'),
    })),
  ].filter(({ kind }) => kind in parsers);

  it.each(texts.map(({ name, kind, text }) => [name, kind, text] as const))(
    'can be read: %s (%s)',
    (_, kind, text) => {
      expect(parsers[kind]?.(text)).toBeDefined();
    },
  );
});

describe('code blocks', () => {
  it('say what language they are in, and none that nothing checks', () => {
    const known = new Set(['ts', 'json', 'yaml', 'sh', 'mermaid', 'text']);
    expect(
      blocks.filter((block) => !known.has(language(block))).map(({ file, info }) => `${file}: ${info}`),
    ).toEqual([]);
  });
});

describe('commands in Markdown', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  const builtIn = new Set(['exec', 'install', 'pack', 'add']);

  it('are scripts of package.json where they go through pnpm', () => {
    const named = blocks
      .filter((block) => language(block) === 'sh')
      .concat(
        globSync('docs/snippets/**/*.sh', { cwd: root }).map((file) => ({
          file,
          info: 'sh',
          text: readFileSync(join(root, file), 'utf8'),
        })),
      )
      .flatMap(({ file, text }) =>
        [...text.matchAll(/(?:^|npx --yes )pnpm(?:@12\.21\.0)? ([^\n#]*)/gm)].map(([, rest = '']) => ({
          file,
          rest,
        })),
      )
      .filter(({ rest }) => !rest.includes('--filter'))
      .map(({ file, rest }) => ({ file, name: rest.trim().replace(/^run /, '').split(' ')[0] ?? '' }));
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter(({ name }) => !(name in scripts) && !builtIn.has(name))).toEqual([]);
  });
});
