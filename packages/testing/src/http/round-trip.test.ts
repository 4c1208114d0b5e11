import type { ALBEvent, APIGatewayProxyEvent } from 'aws-lambda';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { httpEvent } from './event.ts';
import { type FunctionUrlEvent, type HttpApiEvent, type HttpSource, httpSources } from './source.ts';

// Each decoder takes an event apart by the documentation of its source alone, so that it can disagree with the builder.

type AnyEvent = APIGatewayProxyEvent | HttpApiEvent | FunctionUrlEvent | ALBEvent;
type Lists = Record<string, string[]>;

function decodedQuery(source: HttpSource, event: AnyEvent): Lists {
  if ('rawQueryString' in event) return grouped(new URLSearchParams(event.rawQueryString));
  if (source === 'rest') return lists(event.multiValueQueryStringParameters);
  const raw = lists(event.multiValueQueryStringParameters ?? singles(event.queryStringParameters));
  return Object.fromEntries(
    Object.entries(raw).map(([name, values]) => [formDecoded(name), values.map(formDecoded)]),
  );
}

function formDecoded(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}

function decodedCookies(event: AnyEvent): string[] {
  if ('rawPath' in event) return event.cookies ?? [];
  const headers = lists(event.multiValueHeaders ?? singles(event.headers));
  return (headers['Cookie'] ?? headers['cookie'] ?? []).flatMap((header) => header.split('; '));
}

function decodedBody(event: AnyEvent): Uint8Array {
  return Uint8Array.from(Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'));
}

function decodedSegments(source: HttpSource, event: AnyEvent): string[] {
  const path = 'rawPath' in event ? event.rawPath : event.path;
  const segments = path.slice(1).split('/');
  return source === 'httpApi' ? segments : segments.map(decodeURIComponent);
}

function grouped(pairs: Iterable<[string, string]>): Lists {
  const all: Lists = Object.fromEntries([...pairs].map(([name]) => [name, []]));
  for (const [name, value] of pairs) all[name]?.push(value);
  return all;
}

function lists(values: Record<string, string[] | undefined> | null | undefined): Lists {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, list]) => [name, list ?? []]));
}

function singles(values: Record<string, string | undefined> | null | undefined): Lists {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, [value ?? '']]));
}

/** Any text but lone surrogates, which UTF-8 has no form for. */
const text = fc.string({ unit: 'binary' });
const token = fc.stringMatching(/^[A-Za-z][\w-]{0,9}$/);

describe.each(httpSources)('what a test states is what a decoder of %s gets', (source) => {
  it('H6 query pairs', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), (query) => {
        const stated = grouped(query);
        const expected =
          source === 'alb'
            ? Object.fromEntries(Object.entries(stated).map(([name, values]) => [name, values.slice(-1)]))
            : stated;
        expect(decodedQuery(source, httpEvent(source, { query }))).toStrictEqual(expected);
      }),
    );
  });

  it('H6 a query string, as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 1 }), (pairs) => {
        // Form encoding, with `+` for a space, is the other way to write the same query.
        const query = new URLSearchParams(pairs).toString();
        expect(decodedQuery(source, httpEvent(source, { query }))).toStrictEqual(
          decodedQuery(source, httpEvent(source, { query: pairs })),
        );
      }),
    );
  });

  it('H9 cookies', () => {
    fc.assert(
      fc.property(fc.dictionary(token, text), (cookies) => {
        const decoded = decodedCookies(httpEvent(source, { cookies })).map((cookie) => {
          const [name = '', value = ''] = cookie.split(/=(.*)/s);
          return [name, decodeURIComponent(value)];
        });
        expect(decoded).toEqual(Object.entries(cookies));
      }),
    );
  });

  it('H3 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (body) => {
        expect(decodedBody(httpEvent(source, { body }))).toEqual(Uint8Array.from(body));
      }),
    );
  });

  it('H3 text, whatever its type', () => {
    fc.assert(
      fc.property(
        text,
        fc.constantFrom('text/plain', 'application/pdf', 'application/x-www-form-urlencoded'),
        (body, contentType) => {
          expect(
            new TextDecoder('utf-8', { ignoreBOM: true }).decode(
              decodedBody(httpEvent(source, { body, contentType })),
            ),
          ).toBe(body);
        },
      ),
    );
  });

  it('H3 JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // A string is sent as text, so JSON text has to be written by the test.
        const body = typeof value === 'string' ? JSON.stringify(value) : value;
        const decoded = new TextDecoder().decode(decodedBody(httpEvent(source, { body })));
        expect(decoded).toBe(JSON.stringify(value));
      }),
    );
  });

  it('H7 path segments', () => {
    // HTTP APIs send the path decoded, so a slash in a segment is one between segments there.
    const segment = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((one) => source !== 'httpApi' || !one.includes('/'));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1 }), (segments) => {
        const path = `/${segments.map(encodeURIComponent).join('/')}`;
        expect(decodedSegments(source, httpEvent(source, { path }))).toEqual(segments);
      }),
    );
  });
});
