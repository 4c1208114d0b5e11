import { readFileSync } from 'node:fs';

import { transformerTwoslash } from '@shikijs/vitepress-twoslash';
import { renderMermaidSVG } from 'beautiful-mermaid';
import ts from 'typescript';
import { type DefaultTheme, defineConfig } from 'vitepress';

// Written by `typedoc` just before this file is read (see the build script).
const apiSidebar = JSON.parse(
  readFileSync(new URL('../api/typedoc-sidebar.json', import.meta.url), 'utf8'),
) as DefaultTheme.SidebarItem[];

const guide: DefaultTheme.SidebarItem[] = [
  {
    text: 'Guide',
    items: [
      { text: 'Start', link: '/guide/start' },
      { text: 'Tutorial', link: '/guide/tutorial-photos' },
      { text: 'HTTP', link: '/guide/http' },
      { text: 'S3', link: '/guide/s3' },
      { text: 'SQS', link: '/guide/sqs' },
      { text: 'Streams', link: '/guide/stream' },
      { text: 'EventBridge', link: '/guide/eventbridge' },
      { text: 'SNS', link: '/guide/sns' },
      { text: 'Cognito', link: '/guide/cognito' },
      { text: 'Cron', link: '/guide/cron' },
      { text: 'Idempotency', link: '/guide/idempotency' },
      { text: 'Store', link: '/guide/store' },
      { text: 'Observability', link: '/guide/observability' },
      { text: 'Testing', link: '/guide/testing' },
      { text: 'Testing with AWS', link: '/guide/testing-aws' },
      { text: 'Local development', link: '/guide/local' },
      { text: 'Command line', link: '/guide/cli' },
    ],
  },
  {
    text: 'Facts',
    items: [
      { text: 'Rules', link: '/guide/rules' },
      { text: 'Performance', link: '/guide/performance' },
      { text: 'Not run against AWS', link: '/guide/not-run' },
      { text: 'Decisions', link: '/decisions/' },
    ],
  },
];

/** Draws a Mermaid block at build time: no script reaches the reader, and it follows the theme. */
function diagram(source: string): string {
  const svg = renderMermaidSVG(source, {
    bg: 'var(--vp-c-bg)',
    fg: 'var(--vp-c-text-1)',
    muted: 'var(--vp-c-text-2)',
    accent: 'var(--vp-c-brand-1)',
    transparent: true,
  }).replaceAll(/@import url\([^)]*\);/g, ''); // a web font: pages ask nobody but their own host
  // Vue drops <style> from templates, so the SVG goes in as a string.
  const text = encodeURIComponent(svg).replaceAll("'", '%27');
  return `<div class="diagram" v-html="decodeURIComponent('${text}')"></div>`;
}

/** Pop-ups get random ids; numbered ones make two builds of the same sources the same. */
function numbered(html: string): string {
  const ids = new Map<string, string>();
  return html.replaceAll(/\bpopper_[a-z0-9]+_[a-z0-9]+\b/g, (id) => {
    const number = ids.get(id) ?? `popper_${ids.size + 1}`;
    ids.set(id, number);
    return number;
  });
}

export default defineConfig({
  title: 'Handlersmith',
  description: 'Handler factories for AWS Lambda in TypeScript, on Middy and Powertools',
  cleanUrls: true,
  head: [['link', { rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' }]],
  transformHtml: (html) => numbered(html),
  srcExclude: ['README.md', 'snippets/**'],
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Guide', link: '/guide/start', activeMatch: '^/(guide|decisions)/' },
      { text: 'Reference', link: '/api/', activeMatch: '^/api/' },
    ],
    sidebar: { '/guide/': guide, '/decisions/': guide, '/api/': apiSidebar },
    outline: { level: [2, 3] },
  },
  markdown: {
    theme: { light: 'github-light', dark: 'github-dark' },
    // The last two stand in docstrings that pop up.
    languages: ['ts', 'json', 'bash', 'yaml', 'js', 'tsx'],
    codeTransformers: [
      // A busy machine takes longer than Shiki's half second for the first block, which then has other colours.
      {
        preprocess(_code, options) {
          options.tokenizeTimeLimit = 0;
        },
      },
      // `yaml resources`: a part of a template, with the indentation that it has there, so that it can be pasted.
      {
        preprocess(code, options) {
          // oxlint-disable-next-line no-underscore-dangle -- Shiki's name for the words behind the language
          const isPart = /\bresources\b/.test(options.meta?.__raw ?? '');
          return isPart ? code.replaceAll(/^(?=[^\n])/gm, '  ') : undefined;
        },
      },
      // Type-checks every `ts twoslash` block against packages/*/src; an error fails the build.
      transformerTwoslash({
        twoslashOptions: {
          compilerOptions: {
            module: ts.ModuleKind.NodeNext,
            moduleResolution: ts.ModuleResolutionKind.NodeNext,
            target: ts.ScriptTarget.ES2023,
            lib: ['lib.es2024.d.ts', 'lib.esnext.disposable.d.ts'],
            strict: true,
            exactOptionalPropertyTypes: true,
            noUncheckedIndexedAccess: true,
            types: ['node'],
            customConditions: ['@handlersmith/source'],
            allowImportingTsExtensions: true,
            noEmit: true,
          },
        },
      }),
    ],
    config(md) {
      const fence = md.renderer.rules.fence;
      md.renderer.rules.fence = (tokens, index, options, env, self) => {
        const token = tokens[index];
        if (token?.info.trim() === 'mermaid') return diagram(token.content);
        return fence?.(tokens, index, options, env, self) ?? '';
      };
    },
  },
});
