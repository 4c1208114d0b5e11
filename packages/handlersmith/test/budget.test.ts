import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { bundle } from '../bench/build/bundle.ts';
import { bundleChildren } from '../bench/build/prepare.ts';
import { heapBytes } from '../bench/measure/heap.ts';
import { canCountInstructions, coldInstructions } from '../bench/measure/instructions.ts';
import { bundled } from './budget/bundle.ts';
import { builtinsLoadedBy, modulesLoadedBy } from './budget/loading.ts';
import { ensureBuilt } from './build/fresh.ts';
import { cacheRoot, folderOf, manifestOf } from './build/workspace.ts';

const folder = folderOf('handlersmith');
const entries = Object.keys(manifestOf(folder).exports)
  .filter((entry) => entry !== './package.json')
  .map((entry) => entry.replace('./', 'handlersmith/'));

/** The code of loggers, the default one and what takes a team's own: a handler loads one of them, or with `false` none. */
const logger = /^@aws-lambda-powertools\/|\/(?:powertools|logger)-/;

/** The same, and clients of AWS. */
const loggerAndClients = new RegExp(`${logger.source}|^@aws-sdk/`);

const oneHandler = `
  import { created, httpHandler } from 'handlersmith/http';
  export const handler = httpHandler({ cors: { origins: ['https://app.example.com'] } }, () => created({}));`;
const router = `
  import { httpRouter, notFound, route } from 'handlersmith/http';
  export const handler = httpRouter({}, { 'GET /items/{id}': route(() => notFound()) });`;

beforeAll(() => ensureBuilt('handlersmith'), 180_000);

describe('a bundle, minified', () => {
  it.each([
    ['one handler', oneHandler, 54_300],
    ['a router', router, 57_200],
    ['all of handlersmith/http', `export * from 'handlersmith/http'`, 63_100],
  ])('%s, without the logger, takes no more bytes than it did', async (_, code, limit) => {
    expectAtMost(await bytesOf(code, logger), limit);
  });

  it.each([
    ['s3', `s3Handler({}, () => {})`, 33_300],
    ['sqs', `sqsHandler({}, () => {})`, 28_300],
    ['stream', `streamHandler({}, () => {})`, 33_800],
    ['stream', `kinesisHandler({}, () => {})`, 32_100],
    ['sns', `snsHandler({}, () => {})`, 26_400],
  ])(
    'a handler of %s, %s, without logger and AWS clients, takes no more bytes than it did',
    async (entry, made, limit) => {
      expectAtMost(await bytesOf(triggerHandler(entry, made), loggerAndClients), limit);
    },
  );

  it.each([
    ['cron', `cronHandler({}, () => {})`],
    ['eventbridge', `eventBridgeHandler({}, [on({ source: 'shop', detailType: 'Sold' }, () => {})])`],
    ['cognito', `cognitoHandler({}, { preSignUp: () => ({}) })`],
  ])('a handler of %s, without logger and AWS clients, takes at most 20 KB', async (entry, made) => {
    expect(await bytesOf(triggerHandler(entry, made), loggerAndClients)).toBeLessThanOrEqual(20_000);
  });

  it('the batch engine takes at most 4 KB', async () => {
    expect(await bytesOf(`export * from './src/records/index.ts'`)).toBeLessThanOrEqual(4000);
  });

  it("the default logger and what adapts a team's add no more bytes than they did", async () => {
    const [whole, without] = await Promise.all([bytesOf(oneHandler), bytesOf(oneHandler, logger)]);
    expectAtMost(whole - without, 41_900);
  });

  it('holds the factories it uses and no others', async () => {
    // What only the router and only the streaming handler have in their code.
    const others = /"httpRouter"|streamifyResponse/;
    expect(await bundled(oneHandler, logger)).not.toMatch(others);
    expect(await bundled(router, logger)).toMatch(others);
  });
});

describe('what an import loads', () => {
  it.each(entries)('%s loads nothing of another entry', async (entry) => {
    const loaded = await modulesLoadedBy(`await import('${entry}')`);
    expect(loaded).toContain(entryFile(entry));
    const others = new Set(entries.filter((other) => other !== entry).map(entryFile));
    expect(loaded.filter((file) => others.has(file))).toEqual([]);
  });

  it.each(['handlersmith/http', 'handlersmith/openapi'])(
    '%s loads no other package and no built-in',
    async (entry) => {
      const loaded = await modulesLoadedBy(`await import('${entry}')`);
      expect(loaded.filter((file) => !file.startsWith('dist/'))).toEqual([]);
      expect(await builtinsLoadedBy(`await import('${entry}')`)).toEqual([]);
    },
  );

  it('a handler without a logger loads no other package either', async () => {
    const code = `const { httpHandler } = await import('handlersmith/http'); httpHandler({ logger: false }, () => {});`;
    const loaded = await modulesLoadedBy(`${code} await new Promise((resolve) => setTimeout(resolve, 50));`);
    expect(loaded.filter((file) => !file.startsWith('dist/'))).toEqual([]);
  });

  const withLogger = `
    const { httpHandler } = await import('handlersmith/http');
    const handler = httpHandler({}, () => ({}));
    await handler({ version: '2.0', rawPath: '/', rawQueryString: '', headers: {}, isBase64Encoded: false,
      requestContext: { http: { method: 'GET', path: '/' }, stage: '$default' } }, {});`;

  it('a handler with the default logger answers and logs without any other package', async () => {
    const loaded = await modulesLoadedBy(withLogger);
    expect(loaded.filter((file) => !file.startsWith('dist/'))).toEqual([]);
  });

  const network = /undici|^_?http|^_?tls|^net$/;

  it.each(['handlersmith/logging', 'handlersmith/tracing/opentelemetry'])(
    '%s loads none of undici, http, https, net and tls',
    async (entry) => {
      const loaded = await builtinsLoadedBy(`await import('${entry}')`);
      expect(loaded.filter((name) => network.test(name))).toEqual([]);
    },
  );

  it('a request answered and logged loads nothing of the network, but for the pipe that standard output is', async () => {
    const [stdout, loaded] = await Promise.all([
      builtinsLoadedBy('process.stdout;'),
      builtinsLoadedBy(withLogger),
    ]);
    expect(loaded.filter((name) => network.test(name) && !stdout.includes(name))).toEqual([]);
  });

  it('handlersmith/tracing/opentelemetry loads the API of OpenTelemetry and nothing else', async () => {
    const loaded = await modulesLoadedBy(`await import('handlersmith/tracing/opentelemetry')`);
    expect(loaded.filter((file) => !file.startsWith('dist/'))).toEqual(['@opentelemetry/api']);
  });
});

describe('what a handler costs, counted, not timed', () => {
  it.each([
    ['ours-ajv-silent', 7.4],
    ['ours-valibot-silent', 8.4],
    ['ours-mini-silent', 10.4],
  ])(
    '%s leaves the collector no more than %d times the bytes of the bare handler',
    { timeout: 60_000 },
    async (name, limit) => {
      const { worker } = await bundleChildren();
      const [empty = 0, bare = 0, ours = 0] = await Promise.all(
        ['empty', 'bare-silent', name].map(async (one) =>
          heapBytes({ worker, bundle: await candidate(one) }),
        ),
      );
      expect(bare).toBeGreaterThan(empty);
      expectAtMost((ours - empty) / (bare - empty), limit);
    },
  );

  const countable = canCountInstructions();

  it.each<[ours: string, bare: string, limit: number]>(
    countable
      ? [
          ['ours-ajv-silent', 'bare-silent', 37.5],
          ['ours-ajv', 'bare', 54],
        ]
      : [],
  )(
    '%s starts and answers once in the instructions of %s and %d million more',
    { timeout: 180_000 },
    async (ours, bare, limit) => {
      const { cold } = await bundleChildren();
      const [more, less] = await Promise.all([candidate(ours), candidate(bare)]);
      expectAtMost((coldInstructions(more, cold) - coldInstructions(less, cold)) / 1e6, limit);
    },
  );

  it.each(countable ? [] : ['valgrind'])('instructions are not counted here: there is no %s', (program) => {
    // One that is there and does not run is a fault to mend, not a reason to count nothing.
    expect(spawnSync(program, ['--version']).error).toMatchObject({ code: 'ENOENT' });
  });
});

/**
 * Holds a figure to a limit that is a twentieth above what the figure was when somebody last looked. A figure far
 * below its limit fails too: what was saved is to be kept, so the limit has to follow.
 */
function expectAtMost(figure: number, limit: number): void {
  expect(figure).toBeLessThanOrEqual(limit);
  expect(figure, 'lower the limit').toBeGreaterThan(limit * 0.85);
}

/** The source of a function with a handler, its factories imported. */
function triggerHandler(entry: string, made: string): string {
  const factories = [...new Set(made.match(/\b(?:\w+Handler|on)(?=\()/g))].join(', ');
  return `import { ${factories} } from 'handlersmith/${entry}'; export const handler = ${made};`;
}

async function bytesOf(code: string, leaveOut?: RegExp): Promise<number> {
  return Buffer.byteLength(await bundled(code, leaveOut));
}

/** The built file behind an entry. */
function entryFile(entry: string): string {
  const target = manifestOf(folder).exports[entry.replace('handlersmith', '.')];
  return typeof target === 'object' ? (target['default'] ?? '').replace('./', '') : '';
}

/** Bundles one of the benchmark's candidates. */
async function candidate(name: string): Promise<string> {
  const outfile = join(cacheRoot, 'budget', `${name}.mjs`);
  return (await bundle(join(folder, `bench/candidates/${name}.ts`), { outfile })).file;
}
