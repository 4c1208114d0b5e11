/**
 * Route patterns: `GET /items/{id}`, `GET /files/{path+}`.
 *
 * @module
 */

/** The methods a route may have. `HEAD` is answered by `GET`, `OPTIONS` by itself, unless a route says otherwise. */
export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;

/** One of the methods a route may have. */
export type Method = (typeof methods)[number];

/** `GET /items/{id}`: a method, a blank, a path. */
export type Pattern = `${Method} /${string}`;

type Parameter<Segment extends string> = Segment extends `{${infer Name}+}`
  ? Name
  : Segment extends `{${infer Name}}`
    ? Name
    : never;

type ParameterNames<Path extends string> = Path extends `${infer Head}/${infer Rest}`
  ? Parameter<Head> | ParameterNames<Rest>
  : Parameter<Path>;

/** The parameters of a pattern: `{ id: string }` for `GET /items/{id}`. */
export type PathParameters<P extends string> = P extends `${string} ${infer Path}`
  ? { readonly [Name in ParameterNames<Path>]: string }
  : never;

/** One segment of a pattern. */
export type PatternSegment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter' | 'greedy'; readonly name: string };

/** A pattern taken apart. */
export interface ParsedPattern {
  readonly pattern: string;
  readonly method: Method;
  readonly path: string;
  readonly segments: readonly PatternSegment[];
}

/**
 * Takes a pattern apart.
 *
 * @throws TypeError naming the pattern and what is wrong with it
 */
export function parsePattern(pattern: string): ParsedPattern {
  const [method, path, ...more] = pattern.split(' ');
  const known = methods.find((candidate) => candidate === method);
  if (known === undefined || path === undefined || more.length > 0 || !path.startsWith('/')) {
    throw new TypeError(
      `Route "${pattern}": expected a method, one blank and a path, as in "GET /items/{id}"`,
    );
  }
  const names = new Set<string>();
  const texts = path === '/' ? [] : path.slice(1).split('/');
  const segments = texts.map((text, index): PatternSegment => {
    const segment = parseSegment(pattern, text);
    if (segment.kind === 'literal') return segment;
    if (names.has(segment.name))
      throw new TypeError(`Route "${pattern}": parameter "${segment.name}" stands twice`);
    names.add(segment.name);
    if (segment.kind === 'greedy' && index !== texts.length - 1) {
      throw new TypeError(
        `Route "${pattern}": {${segment.name}+} takes the rest of the path, so it must stand last`,
      );
    }
    return segment;
  });
  return { pattern, method: known, path, segments };
}

function parseSegment(pattern: string, text: string): PatternSegment {
  const [, name, plus] = /^\{([A-Za-z_][\w.-]*)(\+?)\}$/.exec(text) ?? [];
  if (name !== undefined) return { kind: plus === '+' ? 'greedy' : 'parameter', name };
  if (text === '' || /[{}?#%\s:*]/.test(text)) {
    throw new TypeError(
      `Route "${pattern}": segment "${text}" is neither plain text nor a parameter, as in {id} or {rest+}`,
    );
  }
  return { kind: 'literal', text };
}
