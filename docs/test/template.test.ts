import { exec } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { type AnyHandler, captureLogs, request } from '@handlersmith/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, type ScalarTag } from 'yaml';

const require = createRequire(import.meta.url);
const root = resolve(import.meta.dirname, '../..');

/** CloudFormation's short forms, as far as the templates use them. */
const customTags: ScalarTag[] = ['Ref', 'GetAtt', 'Sub'].map((name) => ({
  tag: `!${name}`,
  resolve: (text: string) => ({ [name]: text }),
}));

interface Template {
  readonly Transform: string;
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>
  >;
}

function template(path: string): Template {
  return parse(readFileSync(resolve(root, path), 'utf8'), { customTags }) as Template; // its shape is what is tested
}

function propertiesOf({ Resources }: Template, type: string): Record<string, unknown> {
  const found = Object.values(Resources).filter((resource) => resource.Type === type);
  expect(found).toHaveLength(1);
  return found[0]?.Properties ?? {};
}

const FUNCTION = 'AWS::Serverless::Function';
const API = 'AWS::Serverless::HttpApi';

describe("the page's template", () => {
  const shown = template('docs/snippets/http/template.yaml');
  const example = template('examples/items-api/template.yaml');

  it('has the settings of the example', () => {
    expect(shown.Transform).toBe(example.Transform);
    const ours = propertiesOf(shown, FUNCTION);
    const theirs = propertiesOf(example, FUNCTION);
    for (const name of ['Runtime', 'Architectures', 'CodeUri', 'Handler', 'MemorySize', 'Events']) {
      expect({ [name]: ours[name] }).toEqual({ [name]: theirs[name] });
    }
  });

  it.each([
    ['the page', shown],
    ['the example', example],
  ])('lets the handler answer first, and answer CORS: %s', (_, each) => {
    expect(Number(propertiesOf(each, FUNCTION)['Timeout'])).toBeLessThan(30);
    expect(propertiesOf(each, API)).not.toHaveProperty('CorsConfiguration');
  });
});

describe("the page's bundle command", () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  });
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  it('makes a handler that answers', async () => {
    const command = readFileSync(resolve(root, 'docs/snippets/http/bundle.sh'), 'utf8')
      .replace('src/handler.ts', 'handler.ts --conditions=@handlersmith/source')
      .replace('dist/', `${folder}/`);
    await promisify(exec)(command, {
      cwd: resolve(root, 'docs/snippets/first'),
      env: {
        ...process.env,
        PATH: `${dirname(require.resolve('esbuild/bin/esbuild'))}:${process.env['PATH'] ?? ''}`,
      },
    });
    const { handler } = (await import(`${folder}/handler.mjs`)) as { handler: AnyHandler }; // what the source exports
    const { result } = await captureLogs(() =>
      request(handler, 'POST /items', { body: { name: 'lamp', price: 25 } }),
    );
    expect(result.status).toBe(201);
  });
});
