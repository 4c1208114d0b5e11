/**
 * The `Idempotency-Key` header of HTTP requests.
 *
 * @module
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
import { checkOptions, type OptionRules } from '../handler/options.ts';

/** Characters a key may have: more than any id needs, and the table stores a digest of them. */
const MOST_CHARACTERS = 255;

/** What is read of a request. */
export interface RequestHeaders {
  /** A request header as it came; its name in lower case. */
  header(name: string): string | undefined;
}

/** Takes keys from a header, and says from which: OpenAPI documents tell it. */
export interface IdempotencyKeyHeader {
  (request: RequestHeaders): string | undefined;
  /** The header's name, as it was given. */
  readonly header: string;
}

export interface IdempotencyKeyHeaderOptions {
  /** The header's name. Default `Idempotency-Key`. */
  readonly name?: string;
}

/** A header that is there and no key: a 400 that says so. */
class UnusableKey extends Error {
  override readonly name = 'UnusableKey';
  readonly statusCode = 400;
  /** The message is for the caller. */
  readonly expose = true;
}

const rules: OptionRules = {
  name: {
    expected: 'a header name',
    accepts: (value) => typeof value === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(value),
  },
};

/** A structured field string: what may be in quotes, with `\"` and `\\` escaped. */
const quoted = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/;
/** Without quotes, as most clients send it. A comma is how two headers arrive as one. */
const plain = /^[!#-+\--~]+$/;

/**
 * Takes the key of a request from its `Idempotency-Key` header, in quotes as the draft standard has it or without.
 * Keys of one caller never meet those of another where the gateway's authorizer tells callers apart.
 *
 * @returns a function for the option `key`; without the header it gives `undefined`, which is a 400 unless the
 *   option `required` is `false`; a header that is no key is a 400 always
 * @throws TypeError naming a wrong option
 * @example
 * const handler = httpHandler({ body: Order, idempotency: { store, key: idempotencyKeyHeader() } }, placeOrder);
 */
export function idempotencyKeyHeader(options: IdempotencyKeyHeaderOptions = {}): IdempotencyKeyHeader {
  checkOptions('idempotencyKeyHeader', options, rules);
  const { name = 'Idempotency-Key' } = options;
  const lowerCased = name.toLowerCase();
  const keyOf = (request: RequestHeaders): string | undefined => {
    const value = request.header(lowerCased)?.trim();
    if (value === undefined || value === '') return undefined;
    const key = quoted.exec(value)?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? (plain.test(value) ? value : '');
    if (key === '' || key.length > MOST_CHARACTERS) {
      throw new UnusableKey(
        `The header ${name} must hold one key of 1 to ${MOST_CHARACTERS} visible ASCII characters`,
      );
    }
    return key;
  };
  return Object.assign(keyOf, { header: name });
}
