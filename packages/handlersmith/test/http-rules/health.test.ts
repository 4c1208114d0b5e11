import {
  albHealthCheck,
  captureLogs,
  httpSources,
  invoke,
  readAnswer,
  requestAs,
} from '@handlersmith/testing';
import { httpHandler, httpRouter, route } from 'handlersmith/http';
import { describe, expect, it } from 'vitest';

describe.each(['alb', 'albMulti'] as const)('%s', (source) => {
  const router = httpRouter({ logger: false }, { 'GET /items': route(() => []) });

  it('H20 a health check is answered, route or not', async () => {
    for (const path of ['/', '/items', '/health']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const answer = await invoke(router, albHealthCheck(source, path));
      expect(readAnswer(source, answer).status).toBe(200);
    }
  });

  it('H20 a client that calls itself a health checker is a client', async () => {
    const headers = { 'user-agent': 'ELB-HealthChecker/2.0' };
    expect((await requestAs(source)(router, 'GET /none', { headers })).status).toBe(404);
  });

  it('H20 health checks do not flood the log, and a client cannot hide among them', async () => {
    const logged = httpRouter({}, { 'GET /items': route(() => []) });
    const quiet = await captureLogs(() => invoke(logged, albHealthCheck(source, '/items')));
    expect(quiet.lines).toEqual([]);
    const headers = { 'user-agent': 'ELB-HealthChecker/2.0' };
    const loud = await captureLogs(() => requestAs(source)(logged, 'GET /none', { headers }));
    expect(loud.lines).toHaveLength(1);
  });

  it('H20 a health check that finds a fault is logged', async () => {
    const failing = httpHandler({}, () => {
      throw new Error('no database');
    });
    const { lines, result } = await captureLogs(() => invoke(failing, albHealthCheck(source, '/')));
    expect(readAnswer(source, result).status).toBe(500);
    expect(lines).toEqual([expect.objectContaining({ level: 'ERROR' })]);
  });
});

describe.each(httpSources)('%s', (source) => {
  const request = requestAs(source);

  it('H20 the option health answers for the service', async () => {
    let well = true;
    const handler = httpRouter(
      {
        logger: false,
        health: {
          path: '/health',
          check: () => {
            if (!well) throw new Error('secret');
          },
        },
      },
      { 'GET /items': route(() => []) },
    );
    expect((await request(handler, 'GET /health')).json()).toEqual({ status: 'ok' });
    expect((await request(handler, 'HEAD /health')).status).toBe(200);
    well = false;
    const ill = await request(handler, 'GET /health');
    expect(ill.status).toBe(503);
    expect(ill.text()).not.toContain('secret');
    expect((await request(handler, 'POST /health')).status).toBe(404);
  });
});
