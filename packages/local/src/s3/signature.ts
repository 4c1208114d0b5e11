/**
 * Signature Version 4: in the `Authorization` header, or in the query of a presigned URL.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
import { createHash, createHmac } from 'node:crypto';

/** What a signature is made of, beside the secret. */
export interface Signed {
  /** `20260102T030405Z` */
  readonly date: string;
  /** `20260102/us-east-1/s3/aws4_request` */
  readonly scope: string;
  /** Lower case, in the order they were signed. */
  readonly signedHeaders: readonly string[];
  /** What stands for the body: a hash, or a word. */
  readonly payload: string;
}

interface Signable {
  readonly method: string;
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: ReadonlyMap<string, string>;
}

/** The signature that the owner of the secret makes of a request, hexadecimal. */
export function signatureOf(request: Signable, signed: Signed, secret: string): string {
  const hash = createHash('sha256').update(canonical(request, signed)).digest('hex');
  return createHmac('sha256', signingKey(secret, signed.scope))
    .update(`AWS4-HMAC-SHA256\n${signed.date}\n${signed.scope}\n${hash}`)
    .digest('hex');
}

function canonical({ method, path, query, headers }: Signable, { signedHeaders, payload }: Signed): string {
  const parameters = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]): [string, string] => [encoded(name), encoded(value)])
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map((pair) => pair.join('='));
  const lines = signedHeaders.map(
    (name) => `${name}:${(headers.get(name) ?? '').trim().replace(/ +/gu, ' ')}\n`,
  );
  return [
    method,
    path
      .split('/')
      .map((part) => encoded(decodeURIComponent(part)))
      .join('/'),
    parameters.join('&'),
    lines.join(''),
    signedHeaders.join(';'),
    payload,
  ].join('\n');
}

/** Everything but letters, digits and `-._~`. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A key is good for a day, so the last one is nearly always the one. It depends on nothing of a request. */
let last: { readonly secret: string; readonly scope: string; readonly key: Buffer } | undefined;

function signingKey(secret: string, scope: string): Buffer {
  if (last?.secret === secret && last.scope === scope) return last.key;
  const key = scope
    .split('/')
    .reduce<Buffer>(
      (before, part) => createHmac('sha256', before).update(part).digest(),
      Buffer.from(`AWS4${secret}`),
    );
  last = { secret, scope, key };
  return key;
}
