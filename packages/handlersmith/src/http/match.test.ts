import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { wellFormedText } from '../../test/text.ts';
import { type Match, matcherOf } from './match.ts';
import { type Method, type ParsedPattern, parsePattern } from './pattern.ts';
import { MalformedEncoding } from './query.ts';

function tableOf(...patterns: string[]): { parsed: ParsedPattern; target: string }[] {
  return patterns.map((pattern) => ({ parsed: parsePattern(pattern), target: pattern }));
}

/** What a request line leads to: the pattern, and the parameters as pairs. */
function ask(patterns: readonly string[], line: string, decoded = false): unknown {
  const [method = '', path = ''] = line.split(' ');
  const match = matcherOf(tableOf(...patterns))(method, path, decoded);
  if (match.kind !== 'found') return match;
  return [match.target, Object.entries(match.parameters ?? {})];
}

const api = [
  'GET /',
  'GET /items',
  'POST /items',
  'GET /items/new',
  'GET /items/{id}',
  'DELETE /items/{id}',
  'GET /items/{id}/parts/{part}',
  'GET /files/{path+}',
];

describe('H17 matcherOf', () => {
  it.each([
    'GET /none',
    'GET /item',
    'GET /itemss',
    'GET /items/1/2',
    'GET /files',
    'GET /items/1/parts',
    'GET /ITEMS',
  ])('knows nothing at %s', (line) => {
    expect(ask(api, line)).toEqual({ kind: 'unknown' });
  });

  it.each(['GET //items', 'GET ///', 'GET /items//', 'GET /items//parts/2', 'GET //evil.example'])(
    'H7 lets empty segments match nothing: %s',
    (line) => {
      expect(ask(api, line)).toEqual({ kind: 'unknown' });
    },
  );

  it.each([
    ['PATCH /items', ['GET', 'HEAD', 'OPTIONS', 'POST']],
    ['POST /items/1', ['DELETE', 'GET', 'HEAD', 'OPTIONS']],
    ['POST /items/new', ['DELETE', 'GET', 'HEAD', 'OPTIONS']],
    ['POST /', ['GET', 'HEAD', 'OPTIONS']],
    ['PUT /files/a/b', ['GET', 'HEAD', 'OPTIONS']],
    ['toString /items', ['GET', 'HEAD', 'OPTIONS', 'POST']],
  ])('lists what a path allows: %s', (line, allow) => {
    const match = ask(api, line) as Match<string>; // no route takes these
    expect(match.kind).toBe('wrongMethod');
    expect('allow' in match ? match.allow.toSorted() : undefined).toEqual(allow);
  });

  it('lists no HEAD where there is no GET', () => {
    expect(ask(['POST /items'], 'GET /items')).toEqual({ kind: 'wrongMethod', allow: ['POST', 'OPTIONS'] });
  });

  it('goes on to a less literal route that has the method', () => {
    expect(ask(api, 'DELETE /items/new')).toEqual(['DELETE /items/{id}', [['id', 'new']]]);
    expect(ask(['GET /a/{x}', 'POST /{rest+}'], 'POST /a/b')).toEqual(['POST /{rest+}', [['rest', 'a/b']]]);
  });

  it('goes back when a literal leads nowhere', () => {
    const patterns = ['GET /a/b/c', 'GET /a/{x}/d', 'GET /{rest+}'];
    expect(ask(patterns, 'GET /a/b/d')).toEqual(['GET /a/{x}/d', [['x', 'b']]]);
    expect(ask(patterns, 'GET /a/b/e')).toEqual(['GET /{rest+}', [['rest', 'a/b/e']]]);
  });

  it('prefers literal to parameter to greedy', () => {
    const patterns = ['GET /{rest+}', 'GET /{id}', 'GET /new'];
    expect(ask(patterns, 'GET /new')).toEqual(['GET /new', []]);
    expect(ask(patterns, 'GET /old')).toEqual(['GET /{id}', [['id', 'old']]]);
    expect(ask(patterns, 'GET /old/one')).toEqual(['GET /{rest+}', [['rest', 'old/one']]]);
  });

  it('H4 answers HEAD by GET, unless it has a route of its own', () => {
    expect(ask(api, 'HEAD /items/1')).toEqual(['GET /items/{id}', [['id', '1']]]);
    expect(ask(['GET /items', 'HEAD /items'], 'HEAD /items')).toEqual(['HEAD /items', []]);
    expect(ask(['HEAD /items'], 'GET /items')).toMatchObject({ kind: 'wrongMethod' });
    expect(ask(['POST /items'], 'HEAD /items')).toMatchObject({ kind: 'wrongMethod' });
  });

  it('makes no difference of one slash at the end', () => {
    expect(ask(api, 'GET /items/')).toEqual(['GET /items', []]);
    expect(ask(api, 'GET /items/1/')).toEqual(['GET /items/{id}', [['id', '1']]]);
    expect(ask(api, 'GET /')).toEqual(['GET /', []]);
    expect(ask(api, 'GET //')).toEqual(['GET /', []]);
    expect(ask(['GET /items'], 'GET /')).toEqual({ kind: 'unknown' });
  });

  it.each([
    ['GET /items/a%20b', 'a b'],
    ['GET /items/a+b', 'a+b'],
    ['GET /items/%2541', '%41'],
    ['GET /items/a%2Fb', 'a/b'],
    ['GET /items/%E2%82%AC', '€'],
    ['GET /items/..', '..'],
    ['GET /items/__proto__', '__proto__'],
  ])('H7 decodes a parameter once: %s', (line, id) => {
    expect(ask(api, line)).toEqual(['GET /items/{id}', [['id', id]]]);
  });

  it('H7 decodes nothing that was decoded before', () => {
    expect(ask(api, 'GET /items/%41', true)).toEqual(['GET /items/{id}', [['id', '%41']]]);
    expect(ask(api, 'GET /items/100%', true)).toEqual(['GET /items/{id}', [['id', '100%']]]);
  });

  it('H7 knows a literal however it is encoded', () => {
    expect(ask(api, 'GET /%69tems')).toEqual(['GET /items', []]);
  });

  it('H7 gives a greedy parameter whole, its segments decoded once', () => {
    expect(ask(api, 'GET /files/a%20b/c%2525')).toEqual(['GET /files/{path+}', [['path', 'a b/c%25']]]);
    expect(ask(api, 'GET /files//a')).toEqual(['GET /files/{path+}', [['path', '/a']]]);
  });

  it.each([
    'GET /items/%',
    'GET /items/%2',
    'GET /items/%C3',
    'GET /%zz',
    'GET /none/%FF',
    'POST /files/%E2%28%A1',
  ])('H7 refuses the malformed %s', (line) => {
    expect(() => ask(api, line)).toThrow(MalformedEncoding);
    expect(() => ask(api, line)).toThrow('The path holds a malformed percent-encoding');
  });

  it('holds no name as special', () => {
    const [, parameters] = ask(['GET /{__proto__}/{constructor}'], 'GET /a/b') as [string, unknown]; // found
    expect(parameters).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(ask(['GET /items'], 'GET /__proto__')).toEqual({ kind: 'unknown' });
    expect(ask(['GET /items'], 'GET /constructor')).toEqual({ kind: 'unknown' });
    expect(ask(['GET /__proto__'], 'GET /__proto__')).toEqual(['GET /__proto__', []]);
  });

  it('A1 gives every request parameters of its own', () => {
    const find = matcherOf(tableOf('GET /{id}'));
    const [one, other] = [find('GET', '/1', false), find('GET', '/1', false)];
    expect(one.kind === 'found' && other.kind === 'found' && one.parameters !== other.parameters).toBe(true);
  });
});

describe('A6 routes that clash', () => {
  it.each([
    [['GET /a', 'GET /a']],
    [['GET /{x}', 'GET /{y}']],
    [['GET /{x+}', 'GET /{y+}']],
    [['GET /a/{x}/b', 'POST /a/{x}/b', 'GET /a/{z}/b']],
  ])('are refused: %j', (patterns) => {
    expect(() => matcherOf(tableOf(...patterns))).toThrow(TypeError);
    expect(() => matcherOf(tableOf(...patterns))).toThrow(
      `Route "${patterns.at(-1)}" takes the same requests as "${patterns[0]}"`,
    );
  });

  it('are those of one method only; each keeps its own names', () => {
    const patterns = ['GET /{x}', 'POST /{y}', 'GET /{z+}'];
    expect(ask(patterns, 'GET /1')).toEqual(['GET /{x}', [['x', '1']]]);
    expect(ask(patterns, 'POST /1')).toEqual(['POST /{y}', [['y', '1']]]);
    expect(ask(patterns, 'GET /1/2')).toEqual(['GET /{z+}', [['z', '1/2']]]);
  });
});

/** Tries every route and keeps the one whose segments are the most literal, from left to right. */
function reference(patterns: readonly string[], method: string, path: string): unknown {
  const segments = path === '/' ? [] : path.slice(1).split('/');
  const fits = patterns.map((pattern) => parsePattern(pattern)).filter((parsed) => takes(parsed, segments));
  const wanted = fits.filter((parsed) => parsed.method === method);
  const stand =
    wanted.length === 0 && method === 'HEAD' ? fits.filter((parsed) => parsed.method === 'GET') : wanted;
  const [best] = stand.toSorted((one, other) => rank(other).localeCompare(rank(one)));
  if (best !== undefined) return best.pattern;
  return fits.length === 0 ? 'unknown' : 'wrongMethod';
}

function takes(parsed: ParsedPattern, segments: readonly string[]): boolean {
  const greedy = parsed.segments.at(-1)?.kind === 'greedy';
  if (greedy ? segments.length < parsed.segments.length : segments.length !== parsed.segments.length)
    return false;
  return parsed.segments.every(
    (segment, index) => segment.kind !== 'literal' || segment.text === segments[index],
  );
}

/** A text that sorts a more literal pattern behind a less literal one. */
function rank(parsed: ParsedPattern): string {
  return parsed.segments.map(({ kind }) => ({ literal: '2', parameter: '1', greedy: '0' })[kind]).join('');
}

describe('against the plainest matcher there is', () => {
  const segment = fc.constantFrom('a', 'b', '{x}');
  const method = fc.constantFrom<Method>('GET', 'POST');
  const pattern = fc
    .tuple(method, fc.array(segment, { maxLength: 3 }), fc.boolean())
    .map(([verb, segments, greedy]) => {
      const named = segments.map((each, index) => (each === '{x}' ? `{x${index}}` : each));
      return `${verb} /${[...named, ...(greedy ? ['{rest+}'] : [])].join('/')}`;
    });
  const table = fc.uniqueArray(pattern, {
    minLength: 1,
    maxLength: 12,
    selector: (each) => each.replaceAll(/\{x\d\}/g, '{}'),
  });
  const path = fc
    .array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 })
    .map((segments) => `/${segments.join('/')}`);

  it('H17 finds the same route for any table and path', () => {
    fc.assert(
      fc.property(table, fc.constantFrom('GET', 'POST', 'PUT'), path, (patterns, verb, asked) => {
        const match = matcherOf(tableOf(...patterns))(verb, asked, false);
        expect(match.kind === 'found' ? match.target : match.kind).toBe(reference(patterns, verb, asked));
      }),
      { numRuns: 200 },
    );
  });

  it('H7 gives any text back that was encoded into a path', () => {
    const text = wellFormedText({ minLength: 1 });
    const find = matcherOf(tableOf('GET /{one}/x/{two}'));
    fc.assert(
      fc.property(text, text, (one, two) => {
        const match = find('GET', `/${encodeURIComponent(one)}/x/${encodeURIComponent(two)}`, false);
        expect(match.kind === 'found' && Object.entries(match.parameters ?? {})).toEqual([
          ['one', one],
          ['two', two],
        ]);
      }),
    );
  });
});
