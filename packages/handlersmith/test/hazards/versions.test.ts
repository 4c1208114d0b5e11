/** What the versions that install together do to each other. */
import { createRequire } from 'node:module';

import { describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
interface Package {
  readonly type: string;
  readonly engines: { readonly node: string };
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly publishConfig: { readonly exports: Record<string, string | Record<string, string>> };
}
const ours = require('../../package.json') as Package; // as the file stands

describe('Versions', () => {
  it('Middy 7 needs Node 22, and so do we: npm on an older one says so instead of picking another Middy', () => {
    expect(ours.engines.node).toBe('>=22');
  });

  it('the package is ESM that can be required: no condition but types and default', () => {
    const { type, publishConfig } = ours;
    expect(type).toBe('module');
    const conditions = Object.values(publishConfig.exports).flatMap((entry) =>
      typeof entry === 'string' ? [] : Object.keys(entry),
    );
    expect([...new Set(conditions)]).toEqual(['types', 'default']);
  });

  it('two copies of @middy/util are bundled away: Middy is no dependency of whoever installs us', () => {
    const { dependencies } = ours;
    expect(Object.keys(dependencies).filter((name) => name.startsWith('@middy/'))).toEqual([]);
  });

  it('Powertools siblings agree on their version', async () => {
    const { dependencies, devDependencies } = ours;
    expect(devDependencies['@aws-lambda-powertools/tracer']).toBe(
      dependencies['@aws-lambda-powertools/logger']?.replace('^', ''),
    );
  });

  it('Middy’s default import is the function: the named one exists at run time only', async () => {
    const core: Record<string, unknown> = await import('@middy/core');
    expect(core['default']).toBe(core['middy']);
  });
});
