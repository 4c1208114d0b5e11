import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { captureLogs, s3Event } from '@handlersmith/testing';
import { s3Handler } from 'handlersmith/s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse, type ScalarTag } from 'yaml';

import { handler as once } from '../snippets/s3/once.ts';
import { handler as ordered } from '../snippets/s3/ordered.ts';
import { handler as smallest } from '../snippets/s3/smallest.ts';
import { handler as stream } from '../snippets/s3/stream.ts';
await import('../snippets/s3/testing.ts'); // a test of its own

describe('snippets that read', () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((_, response) => response.end('a,b\n1,2'));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo; // it listens on a port
    vi.stubEnv('AWS_ENDPOINT_URL_S3', `http://127.0.0.1:${port}`);
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  });

  it('the smallest handler reads what was put', async () => {
    const { lines } = await captureLogs(() => smallest(s3Event(['a b.csv', 'a.txt'])));
    expect(lines).toContainEqual(
      expect.objectContaining({ message: 'read', rows: 2, record_id: 'test-bucket/a b.csv' }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ message: 'record skipped', reason: 'without suffix' }),
    );
  });

  it('the stream is summed', async () => {
    const { lines } = await captureLogs(() => stream(s3Event(['backups/a'])));
    expect(lines[0]).toMatchObject({ message: 'checked', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
});

it('S7 what the function writes is skipped before the store is asked', async () => {
  const { lines } = await captureLogs(() => once(s3Event(['reports/a'])));
  expect(lines[0]).toMatchObject({ message: 'record skipped', record_id: 'test-bucket/reports/a' });
});

it('S3 what is not under the prefix asks for no turn', async () => {
  const { lines } = await captureLogs(() => ordered(s3Event(['elsewhere/a'])));
  expect(lines[0]).toMatchObject({ message: 'record skipped', record_id: 'test-bucket/elsewhere/a' });
});

describe("the page's table of options", () => {
  it('lists every option there is', () => {
    const page = readFileSync(new URL('../guide/s3.md', import.meta.url), 'utf8');
    const section = page.split('## Options\n')[1]?.split('\n#')[0] ?? '';
    const listed = [...section.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name = '']) => name);
    expect(listed.toSorted()).toEqual(known().toSorted());
  });
});

describe("the page's templates", () => {
  const customTags: ScalarTag[] = ['Ref', 'GetAtt', 'Sub'].map((name) => ({
    tag: `!${name}`,
    resolve: (text: string) => ({ [name]: text }),
  }));
  const template = (file: string): Record<string, { Properties: object }> =>
    (
      parse(readFileSync(new URL(`../snippets/s3/${file}`, import.meta.url), 'utf8'), { customTags }) as {
        Resources: Record<string, { Properties: object }>;
      }
    ).Resources; // its shape is what is tested

  it('have what the manifest asks for', () => {
    expect(smallest.manifest.needs).toEqual([
      'OnFailureDestination',
      'ReportBatchItemFailures',
      'ListBucket',
    ]);
    expect(template('template.yaml')['UploadsFunction']?.Properties).toMatchObject({
      Policies: [{ S3ReadPolicy: {} }],
      EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: 'SQS' } } },
    });
    const queued = template('queue.yaml');
    expect(queued['UploadsFunction']?.Properties).toMatchObject({
      Timeout: 60,
      Policies: [{ S3ReadPolicy: {} }],
      Events: { Created: { Properties: { FunctionResponseTypes: ['ReportBatchItemFailures'] } } },
    });
    expect(queued['Created']?.Properties).toMatchObject({ VisibilityTimeout: 360 });
  });
});

/** What the factory says it knows: a name that is near to no option makes the message list them all. */
function known(): string[] {
  try {
    const unknownOption: object = { qqqqqqqqqqqqqqqq: true };
    s3Handler(unknownOption, () => {});
  } catch (error) {
    return (error as Error).message.split('Known options: ')[1]?.split(', ') ?? []; // a TypeError
  }
  return [];
}
