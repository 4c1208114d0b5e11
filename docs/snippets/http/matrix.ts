import { httpSources, requestAs } from '@handlersmith/testing';
import { describe, expect, it } from 'vitest';

import { handler } from './router.ts';

describe.each(httpSources)('from %s', (source) => {
  const request = requestAs(source);

  it('finds the file', async () => {
    const response = await request(handler, 'GET /files/reports/2026/july.csv');
    expect(response.status).toBe(200);
  });

  it('tells that there is no such file', async () => {
    const response = await request(handler, 'GET /files/none.csv');
    expect(response.json()).toMatchObject({ status: 404, title: 'Not Found' });
  });
});
