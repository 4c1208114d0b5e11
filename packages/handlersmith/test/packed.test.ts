import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { outcomeOf, run } from './build/command.ts';
import { manifestOf, targetsOf, workspaceRoot } from './build/workspace.ts';
import { type Consumer, codeIn, installConsumer } from './packed/consumer.ts';
import { packagesBehind, packagesInside, specifiersIn } from './packed/imports.ts';
import { installTools, type Tools } from './packed/tools.ts';

const packages = ['handlersmith', '@handlersmith/testing', '@handlersmith/local', '@handlersmith/cli'];
const readmes = { 'the package': 'packages/handlersmith/README.md', 'the repository': 'README.md' };
const compilers = ['5.9.3', '6.0.3', '7.0.2'] as const;
const nodes = ['22.23.3', '24.21.0'] as const;

/** What the first handler says to a good request and to a bad one, and what it logs. */
const firstHandlerAnswers = {
  logged: expect.arrayContaining([
    expect.objectContaining({ service: 'items', level: 'INFO', message: expect.stringMatching(/^item /) }),
  ]),
  answers: [
    {
      status: 201,
      type: 'application/json',
      origin: 'https://app.example.com',
      body: { id: expect.any(String), name: 'lamp', price: 12 },
    },
    {
      status: 400,
      type: 'application/problem+json',
      body: expect.objectContaining({
        errors: [
          expect.objectContaining({ in: 'body', pointer: '/name' }),
          expect.objectContaining({ in: 'body', pointer: '/price' }),
        ],
      }),
    },
  ],
};

/** An app for the command line: TypeScript that Node.js itself would not run. */
const tinyApp = {
  'template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  Thumb:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, CodeUri: ., Handler: handler.thumb }
`,
  'handler.ts': `import { s3Handler } from 'handlersmith/s3';
enum Size { Small = 'small' }
const made: string[] = [];
const handler = s3Handler({ on: 'created' }, ({ object }) => void made.push(Size.Small + ' ' + object.key));
export const thumb = async (event: any, context: any) => {
  await handler(event, context);
  return made;
};
`,
};

let root: string;
let consumer: Consumer;
let tools: Tools;

const installed = (name: string): string => join(consumer.root, 'node_modules', name);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'handlersmith-consumer-'));
  [consumer, tools] = await Promise.all([installConsumer(root), installTools()]);
  for (const [owner, readme] of Object.entries(readmes)) {
    writeFileSync(
      join(root, handlerFile(owner)),
      codeIn(join(workspaceRoot, readme), 'export const handler'),
    );
  }
  mkdirSync(join(root, 'readme'));
  for (const [file, mark] of [
    ['handler.ts', 'export const handler'],
    ['handler.test.ts', 'node:test'],
  ] as const) {
    writeFileSync(join(root, 'readme', file), codeIn(join(workspaceRoot, 'README.md'), mark));
  }
  mkdirSync(join(root, 'app'));
  for (const [file, text] of Object.entries(tinyApp)) writeFileSync(join(root, 'app', file), text);
  // So that compilers see the declarations of every entry.
  const entries = packages
    .flatMap(entriesOf)
    .map((name, index) => `export * as entry${index} from '${name}';\n`);
  writeFileSync(join(root, 'entries.ts'), entries.join(''));
}, 300_000);

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe.each(packages)('the tarball of %s', (name) => {
  it('holds what its package.json points to, the licence and a README', () => {
    const { entries } = tarball(name);
    const targets = targetsOf(manifestOf(installed(name)).exports).map((target) => target.replace('./', ''));
    expect(entries).toEqual(expect.arrayContaining([...targets, 'LICENSE', 'README.md']));
  });

  it('holds the build and papers only: no sources, tests, benchmarks or configuration', () => {
    const papers = new Set([
      'package.json',
      'LICENSE',
      'README.md',
      'THIRD-PARTY-NOTICES.md',
      'CHANGELOG.md',
    ]);
    const strangers = tarball(name).entries.filter(
      (path) =>
        !papers.has(path) &&
        !/^dist\/[\w-]+\.(?:js|js\.map|d\.ts)$/.test(path) &&
        // The files of the page in the browser, which are served as they are.
        !/^dist\/static\/[\w-]+\.(?:html|css|js|svg)$/.test(path),
    );
    expect(strangers).toEqual([]);
  });

  it('resolves to built files, never to sources', () => {
    const conditions = Object.values(manifestOf(installed(name)).exports).flatMap((target) =>
      typeof target === 'string' ? [] : Object.keys(target),
    );
    expect(new Set(conditions)).toEqual(new Set(['types', 'default']));
  });

  it('has every file that its files import', () => {
    const missing = filesOf(name).flatMap((file) =>
      specifiersIn(file)
        .map((specifier) => (file.endsWith('.d.ts') ? specifier.replace(/\.js$/, '.d.ts') : specifier))
        .filter((specifier) => specifier.startsWith('.') && !existsSync(join(dirname(file), specifier)))
        .map((specifier) => `${basename(file)} imports ${specifier}`),
    );
    expect(missing).toEqual([]);
  });

  it('asks for published versions, not for this workspace', () => {
    expect(readFileSync(join(installed(name), 'package.json'), 'utf8')).not.toMatch(/workspace:|catalog:/);
  });
});

describe('what users see of the dependencies', () => {
  it('Middy is inside: neither code nor declarations import it', () => {
    const importers = filesOf('handlersmith').filter((file) =>
      specifiersIn(file).some((specifier) => specifier.startsWith('@middy/')),
    );
    expect(importers).toEqual([]);
  });

  it('the notices name every package whose code is inside', () => {
    const notices = readFileSync(join(installed('handlersmith'), 'THIRD-PARTY-NOTICES.md'), 'utf8');
    const dist = join(workspaceRoot, 'packages/handlersmith/dist');
    const inside = packagesInside(globSync(join(dist, '*.js.map')));
    expect(inside.has('@middy/core')).toBe(true);
    for (const [name, folder] of inside) {
      expect(notices).toContain(`\`${name}\` ${manifestOf(join(dist, folder)).version}`);
    }
  });

  it('declarations for HTTP import the types of Lambda and of the Powertools logger, and nothing else', () => {
    const imported = packagesBehind(join(installed('handlersmith'), 'dist/http.d.ts'));
    expect(imported).toEqual(['@aws-lambda-powertools/logger', 'aws-lambda']);
  });

  it('npm finds the tree in order', async () => {
    const { status, stdout, stderr } = await outcomeOf('npm', ['ls', '--all'], consumer.root);
    expect(stderr.replaceAll(/^npm warn .*$/gm, '').trim()).toBe('');
    expect(stdout).not.toMatch(/invalid|extraneous|UNMET DEPENDENCY/);
    expect(status).toBe(0);
  });
});

describe.each(compilers)('TypeScript %s, skipLibCheck false', (version) => {
  it('accepts a consumer under nodenext and bundler resolution', { timeout: 120_000 }, async () => {
    const compile = (config: string): Promise<string> =>
      run(process.execPath, [tools.compilers[version], '--project', config], consumer.root);
    expect(await run(process.execPath, [tools.compilers[version], '--version'], consumer.root)).toContain(
      version,
    );
    await Promise.all([compile('tsconfig.nodenext.json'), compile('tsconfig.bundler.json')]);
  });
});

describe.each(nodes)('Node %s', (version) => {
  const inNode = (parameters: readonly string[]): Promise<string> =>
    run(tools.nodes[version], parameters, consumer.root);

  it('is the one that runs', async () => {
    expect(await inNode(['--version'])).toBe(`v${version}\n`);
  });

  it.each([
    ['import', 'const load = (name) => import(name);'],
    ['require', 'const load = require("node:module").createRequire(process.cwd() + "/x.js");'],
  ])('loads every entry by %s', { timeout: 60_000 }, async (_, load) => {
    const names = packages.flatMap(entriesOf);
    const code = `${load} (async () => {
      const found = {};
      for (const name of ${JSON.stringify(names)}) found[name] = Object.keys(await load(name)).length;
      console.log(JSON.stringify(found));
    })();`;
    const found = JSON.parse(await inNode(['--input-type=commonjs', '--eval', code])) as Record<
      string,
      number
    >; // written two lines above
    expect(Object.keys(found)).toEqual(names);
    expect(Object.entries(found).filter(([, count]) => count === 0)).toEqual([]);
  });

  it.each(Object.keys(readmes))(
    'runs the first handler in the README of %s',
    { timeout: 60_000 },
    async (owner) => {
      const output = await inNode(['answer.ts', `./${handlerFile(owner)}`]);
      expect(answersIn(output)).toEqual(firstHandlerAnswers);
    },
  );

  it('has the program handlersmith, and plays a template with it', { timeout: 60_000 }, async () => {
    const program = join('node_modules', '.bin', 'handlersmith');
    expect(await inNode([program, '--help'])).toContain('Usage: handlersmith <command>');
    writeFileSync(join(root, 'event.json'), await inNode([program, 'event', 's3', '--set', 'key=a b.jpg']));
    const output = await inNode([program, 'invoke', 'Thumb', 'event.json', '--template', 'app', '--no-logs']);
    expect(JSON.parse(output)).toEqual(['small a b.jpg']);
  });

  it('passes the test that the README shows', { timeout: 60_000 }, async () => {
    expect(await inNode(['--test', '--test-reporter=tap', 'readme/handler.test.ts'])).toMatch(/^# pass 2$/m);
  });
});

it('npx finds the program', { timeout: 60_000 }, async () => {
  const { version } = manifestOf(installed('@handlersmith/cli'));
  expect(await run('npx', ['--no-install', 'handlersmith', '--version'], consumer.root)).toBe(`${version}\n`);
});

it('a bundle for Lambda answers as well', { timeout: 60_000 }, async () => {
  await build({
    absWorkingDir: consumer.root,
    entryPoints: [handlerFile('the package')],
    outfile: join(consumer.root, 'bundle.mjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
  });
  const output = await run(tools.nodes['22.23.3'], ['answer.ts', './bundle.mjs'], consumer.root);
  expect(answersIn(output)).toEqual(firstHandlerAnswers);
});

/** What `answer.ts` printed: the lines that the handler logged, and then its answers. */
function answersIn(output: string): { readonly logged: unknown[]; readonly answers: unknown } {
  const lines = output
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
  return { answers: lines.pop(), logged: lines };
}

function handlerFile(owner: string): string {
  return `${owner.replace(' ', '-')}-handler.ts`;
}

function tarball(name: string): Consumer['tarballs'][number] {
  const found = consumer.tarballs.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} was not packed`);
  return found;
}

/** The code and declarations of an installed package. */
function filesOf(name: string): string[] {
  return globSync(join(installed(name), 'dist/*.{js,d.ts}'));
}

/** `handlersmith/http` and so on. */
function entriesOf(name: string): string[] {
  return Object.keys(manifestOf(installed(name)).exports)
    .filter((entry) => entry !== './package.json')
    .map((entry) => join(name, entry));
}
