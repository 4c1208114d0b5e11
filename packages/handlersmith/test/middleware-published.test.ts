import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { captureLogs, httpEvent, invoke, lambdaContext, readAnswer, requestAs } from '@handlersmith/testing';
import httpCors from '@middy/http-cors';
import httpErrorHandler from '@middy/http-error-handler';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import validator from '@middy/validator';
import { httpHandler, notFound } from 'handlersmith/http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const origin = 'https://app.example.com';

describe('published middlewares', () => {
  it('@middy/http-json-body-parser parses, the schema checks what it parsed', async () => {
    const handler = httpHandler(
      { logger: false, use: [httpJsonBodyParser()], body: z.object({ a: z.number() }) },
      ({ body }) => body.a,
    );
    const request = requestAs('httpApi');
    expect((await request(handler, 'POST /', { body: { a: 1 } })).json()).toBe(1);
    expect((await request(handler, 'POST /', { body: { a: 'x' } })).status).toBe(400);
    // Its own refusal is meant to be shown: 4xx with expose.
    expect((await request(handler, 'POST /', { body: '{', contentType: 'application/json' })).status).toBe(
      422,
    );
    expect((await request(handler, 'POST /', { body: 'x', contentType: 'text/plain' })).status).toBe(415);
  });

  it('@middy/http-cors adds its headers where the handler has no policy of its own', async () => {
    const handler = httpHandler({ logger: false, use: [httpCors({ origins: [origin] })] }, () => ({ a: 1 }));
    const response = await requestAs('httpApi')(handler, 'GET /', { headers: { origin } });
    expect([response.json(), response.header('access-control-allow-origin')]).toEqual([{ a: 1 }, origin]);
  });

  it('@middy/http-error-handler answers in its own way, with the status we meant', async () => {
    const use = [httpErrorHandler({ logger: false })];
    const problem = httpHandler({ logger: false, use }, () => notFound('No item'));
    const response = await requestAs('httpApi')(problem, 'GET /');
    expect([response.status, response.text()]).toEqual([404, 'No item']);
    const refused = httpHandler({ logger: false, use, body: z.object({}) }, () => ({}));
    expect((await requestAs('httpApi')(refused, 'POST /')).status).toBe(400);
    const crashed = httpHandler({ logger: false, use }, () => {
      throw new Error('secret');
    });
    const crash = await requestAs('httpApi')(crashed, 'GET /');
    expect([crash.status, crash.text()]).toEqual([500, '']);
  });

  it('@middy/validator checks the answer', async () => {
    const responseSchema = Object.assign(
      (response: unknown) => (response as { statusCode: number }).statusCode === 200,
      { errors: null },
    );
    const use = [validator({ responseSchema: responseSchema as never })]; // its types know Ajv's own function only
    const request = requestAs('httpApi');
    expect(
      (
        await request(
          httpHandler({ logger: false, use }, () => ({})),
          'GET /',
        )
      ).status,
    ).toBe(200);
    expect(
      (
        await request(
          httpHandler({ logger: false, use }, () => undefined),
          'GET /',
        )
      ).status,
    ).toBe(500);
  });

  it('injectLambdaContext of Powertools finds the context it needs', async () => {
    const logger = new Logger({ serviceName: 'own' });
    const handler = httpHandler(
      { logger: false, use: [injectLambdaContext(logger, { resetKeys: true })] },
      () => {
        logger.info('inside');
        return {};
      },
    );
    const context = lambdaContext({ awsRequestId: 'r-9' });
    const { lines } = await captureLogs(async () =>
      readAnswer('rest', await invoke(handler, httpEvent('rest'), context)),
    );
    expect(lines).toMatchObject([{ message: 'inside', function_request_id: 'r-9' }]);
  });
});
