import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { Logger } from '@aws-lambda-powertools/logger';
import { captureLogs, request } from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';

import { handler as opentelemetry } from '../snippets/observability/opentelemetry.ts';
import { handler as xray } from '../snippets/observability/xray.ts';

const snippet = (name: string): string => resolve(import.meta.dirname, '../snippets', name);

describe('the lines of a request', () => {
  it('are those the page shows', async () => {
    const { handler } = await import('../snippets/observability/lines.ts');
    const sent = { body: { lines: [{ sku: 'lamp' }] } };
    const { lines } = await captureLogs(() => request(handler, 'POST /orders', sent));
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatchObject({ message: 'line taken', sku: 'lamp', order: 'o1' });
    expect(lines[1]).toMatchObject({ message: 'order taken', apiKey: '[redacted]' });
    expect(lines[1]).not.toHaveProperty('sku');

    const shown = JSON.parse(readFileSync(snippet('observability/line.json'), 'utf8')) as object;
    expect(Object.keys(lines[2] ?? {})).toEqual(Object.keys(shown));
    expect(lines[2]).toMatchObject({
      message: 'request served',
      http_route: 'POST /orders',
      http_status: 200,
    });
  });

  it('of a refusal name the wrong fields, and none of their values', async () => {
    const { handler } = await import('../snippets/observability/lines.ts');
    const sent = { body: { lines: [{ sku: 4711 }] } };
    const { lines, raw } = await captureLogs(() => request(handler, 'POST /orders', sent));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'WARN', http_status: 400, fields: ['body/lines/0/sku'] });
    expect(raw.join('')).not.toContain('4711');
  });

  it('take the correlation id of the caller, where it is one', async () => {
    const { handler } = await import('../snippets/observability/lines.ts');
    const idOf = async (id: string): Promise<unknown> => {
      const headers = { 'x-correlation-id': id };
      const sent = { headers, body: { lines: [] } };
      return (await captureLogs(() => request(handler, 'POST /orders', sent))).lines[0]?.['correlation_id'];
    };
    expect(await idOf('order-42')).toBe('order-42');
    expect(await idOf('two words')).not.toBe('two words');
  });
});

describe('a logger of your own', () => {
  it('has the API of the Powertools Logger, and redacts', async () => {
    const { result: module, lines: start } = await captureLogs(
      async () => import('../snippets/observability/logger.ts'),
    );
    const methods = Object.getOwnPropertyNames(Logger.prototype).filter((name) => name !== 'constructor');
    expect(methods.filter((name) => !(name in module.logger))).toEqual([]);
    expect(start).toMatchObject([{ message: 'started', service: 'payments', iban: '[redacted]' }]);
    const { lines } = await captureLogs(() => request(module.handler, 'GET /'));
    expect(lines[0]).toMatchObject({
      level: 'DEBUG',
      message: 'asked',
      iban: '[redacted]',
      sampling_rate: 0.01,
    });
  });

  it("may be Powertools' own, to which nothing is appended", async () => {
    const { handler } = await import('../snippets/observability/powertools.ts');
    const { lines } = await captureLogs(() => request(handler, 'GET /'));
    expect(lines[0]).toMatchObject({
      message: 'as before',
      service: 'legacy',
      correlation_id: expect.any(String),
    });
  });
});

describe('tracers', () => {
  it.each([
    ['xray', xray],
    ['opentelemetry', opentelemetry],
  ])('run their spans where nothing is recorded: %s', async (_, handler) => {
    const { result } = await captureLogs(() => request(handler, 'GET /'));
    expect(result.json()).toEqual({ price: 12.5 });
  });
});

describe('local', () => {
  it('serves a handler that reads from its DynamoDB', async () => {
    const { result } = await captureLogs(async () => import('../snippets/local/serve.ts'));
    expect(result.tables).toEqual(['items']);
  });
});

describe('the performance page', () => {
  it('has a place for the figures of the benchmark', () => {
    const page = readFileSync(resolve(import.meta.dirname, '../guide/performance.md'), 'utf8');
    expect(page.match(/<!-- bench:(start|end) -->/g)).toEqual(['<!-- bench:start -->', '<!-- bench:end -->']);
  });
});

describe('the index of decisions', () => {
  it('lists every record by its title', () => {
    const folder = resolve(import.meta.dirname, '../decisions');
    const index = readFileSync(resolve(folder, 'index.md'), 'utf8');
    const records = globSync('[0-9]*.md', { cwd: folder });
    expect(records.length).toBeGreaterThan(10);
    for (const record of records) {
      const [, number = '', title = ''] =
        /^# (\d+)\. (.+)$/m.exec(readFileSync(resolve(folder, record), 'utf8')) ?? [];
      expect(record.startsWith(number.padStart(4, '0'))).toBe(true);
      expect(index).toContain(`[${title}](./${record.replace('.md', '')})`);
    }
  });
});
