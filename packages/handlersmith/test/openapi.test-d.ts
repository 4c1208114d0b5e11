import { toJsonSchema } from '@valibot/to-json-schema';
import { type HttpHandler, httpHandler, httpRouter, route } from 'handlersmith/http';
import { openapi, type OpenApiDocument, type OpenApiInfo, type OpenApiOptions } from 'handlersmith/openapi';
import type * as v from 'valibot';
import { describe, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import type * as mini from 'zod/mini';

const info = { title: 'Items', version: '1' };

describe('openapi', () => {
  it('takes handlers with a manifest, and no others', () => {
    expectTypeOf(openapi(httpRouter({}, { 'GET /': route(() => 1) }), info)).toEqualTypeOf<OpenApiDocument>();
    expectTypeOf(httpHandler).returns.toExtend<HttpHandler>();
    // @ts-expect-error a plain function says nothing of its routes
    openapi(async () => ({ statusCode: 200 }), info);
    // @ts-expect-error another trigger's manifest has no routes
    openapi({ manifest: { trigger: 's3' } }, info);
  });

  it('asks for title and version', () => {
    expectTypeOf<{ title: string; version: string }>().toExtend<OpenApiInfo>();
    expectTypeOf<{ title: string }>().not.toExtend<OpenApiInfo>();
  });

  it("takes each vendor's converter with the vendor's own type of schemas", () => {
    const options: OpenApiOptions[] = [
      { toJsonSchema: (schema: z.core.$ZodType, { io }) => z.toJSONSchema(schema, { io }) },
      { toJsonSchema: (schema: mini.ZodMiniType, { io }) => z.toJSONSchema(schema, { io }) },
      { toJsonSchema: (schema: v.GenericSchema, { io }) => toJsonSchema(schema, { typeMode: io }) },
      { toJsonSchema: () => undefined },
      // @ts-expect-error a text is no JSON Schema
      { toJsonSchema: () => 'object' },
    ];
    expectTypeOf(options).toBeArray();
  });
});
