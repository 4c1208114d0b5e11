import { httpSources, requestAs } from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';

import { handler } from './handler.ts';

describe.each(httpSources)('%s', (source) => {
  const request = requestAs(source);

  it('finds the items', async () => {
    const response = await request(handler, 'GET /items?tag=a%20b');
    expect(response.status).toBe(200);
  });
});
