/**
 * Runs in a process of its own: loads a handler and says what its document is.
 *
 * @module
 */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

import { openapi } from 'handlersmith/openapi';

import type { Look, Question } from './look.ts';

type Handler = Parameters<typeof openapi>[0];
type Converter = NonNullable<NonNullable<Parameters<typeof openapi>[2]>['toJsonSchema']>;
type Load = (schema: unknown, options: object) => object;

const [question] = (await once(process, 'message')) as [Question]; // look.ts sends nothing else
const look = await answer(question).catch((error: unknown): Look => ({
  kind: 'fault',
  message: told(error),
}));
process.send?.(look, undefined, undefined, () => process.exit());

async function answer({ file, source, exported, info, servers }: Question): Promise<Look> {
  const loaded = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>; // any module is one
  const handler = Object.hasOwn(loaded, exported) ? loaded[exported] : undefined;
  if (handler === undefined)
    return { kind: 'fault', message: `no export ${exported}. There are: ${Object.keys(loaded).join(', ')}` };
  if (!isHandler(handler)) return { kind: 'no router', message: 'it is not made with httpRouter' };
  if (handler.manifest.routes.length === 0) return { kind: 'no router', message: 'it has no routes' };
  const toJsonSchema = await converters(source);
  const document = openapi(handler, info, {
    toJsonSchema,
    ...(servers.length > 0 && { servers: servers.map((url) => ({ url })) }),
  });
  return { kind: 'document', document };
}

function isHandler(value: unknown): value is Handler {
  if ((typeof value !== 'function' && typeof value !== 'object') || value === null) return false;
  if (!('manifest' in value) || typeof value.manifest !== 'object' || value.manifest === null) return false;
  return 'routes' in value.manifest && Array.isArray(value.manifest.routes);
}

/** Converters of vendors whose schemas carry none, as installed beside the module. */
async function converters(source: string): Promise<Converter> {
  const { resolve } = createRequire(source);
  const load = async (specifier: string, name: string): Promise<Load | undefined> => {
    try {
      const loaded = (await import(pathToFileURL(resolve(specifier)).href)) as Record<string, unknown>;
      const found = loaded[name];
      return typeof found === 'function' ? (found as Load) : undefined; // as its vendor documents it
    } catch {
      return undefined;
    }
  };
  const [zod, valibot] = await Promise.all([
    load('zod', 'toJSONSchema'),
    load('@valibot/to-json-schema', 'toJsonSchema'),
  ]);
  return (schema, { io }) => {
    const standard: object | undefined = '~standard' in schema ? schema['~standard'] : undefined;
    if (standard === undefined || 'jsonSchema' in standard || !('vendor' in standard)) return undefined;
    if (standard.vendor === 'zod') return zod?.(schema, { io });
    return standard.vendor === 'valibot' ? valibot?.(schema, { typeMode: io }) : undefined;
  };
}

/** The message, and where it was thrown. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [where] = /^ {4}at .*$/m.exec(error.stack ?? '') ?? [];
  const isOurs = error.message.startsWith('openapi: ') || where === undefined;
  return isOurs ? error.message : `${error.message}\n${where}`;
}
