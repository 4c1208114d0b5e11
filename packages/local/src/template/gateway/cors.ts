/**
 * CORS that is configured on a gateway.
 *
 * @module
 */
import type { GatewayCors } from '../app.ts';
import type { Section } from '../section.ts';

/** The CORS of HTTP APIs and Function URLs: a map of lists. */
export function corsOf(section: Section | undefined): GatewayCors | undefined {
  if (section === undefined) return undefined;
  const maxAge = section.integer('MaxAge', { least: -1, most: 86_400, unit: 'seconds' });
  const cors: GatewayCors = {
    origins: section.texts('AllowOrigins'),
    methods: section.texts('AllowMethods'),
    headers: section.texts('AllowHeaders'),
    exposeHeaders: section.texts('ExposeHeaders'),
    credentials: section.flag('AllowCredentials') ?? false,
    ...(maxAge !== undefined && { maxAge }),
  };
  checkCredentials(section, cors);
  return cors;
}

/** SAM's short form: `CorsConfiguration: true`. */
export const openCors: GatewayCors = {
  origins: ['*'],
  methods: [],
  headers: [],
  exposeHeaders: [],
  credentials: false,
};

/**
 * SAM's `Cors` of a REST API: one origin as text, or a map. The values are quoted once more, as mapping templates want
 * them. A REST API answers preflights with them; the function's own answers it leaves alone.
 */
export function restCorsOf(section: Section, name: string): GatewayCors | undefined {
  const tree = section.tree(name);
  if (tree === undefined || tree.kind === 'gap') return undefined;
  if (tree.kind === 'scalar') return { ...openCors, origins: listed(section.text(name)) };
  const cors = section.section(name);
  if (cors === undefined) return undefined;
  const age = Number(unquoted(cors.text('MaxAge')) ?? Number.NaN);
  return {
    origins: listed(cors.text('AllowOrigin')),
    methods: listed(cors.text('AllowMethods')),
    headers: listed(cors.text('AllowHeaders')),
    exposeHeaders: [],
    credentials: cors.flag('AllowCredentials') ?? false,
    ...(Number.isInteger(age) && { maxAge: age }),
  };
}

/** A list in one text, such as `'GET,POST'` with its inner quotes. */
export function listed(text: string | undefined): readonly string[] {
  return (unquoted(text) ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function unquoted(text: string | undefined): string | undefined {
  return text?.replace(/^'(.*)'$/, '$1');
}

function checkCredentials(section: Section, { origins, credentials }: GatewayCors): void {
  if (credentials && origins.includes('*'))
    section.error('AllowCredentials', 'credentials and the origin * exclude each other');
}
