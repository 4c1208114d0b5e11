/**
 * Which values never reach the log. The decision is by key name alone: a secret inside a message, a URL or a field with an
 * innocent name is written as it is.
 *
 * @module
 */

/** What stands in the log where a secret would. */
export const REDACTED = '[redacted]';

/** Names whose values are secrets, written without case, hyphens, underscores, dots and spaces. */
const SECRET_NAMES: readonly string[] = [
  'auth',
  'authorization',
  'bearer',
  'cardnumber',
  'cookie',
  'cookies',
  'creditcard',
  'credential',
  'credentials',
  'csrf',
  'cvc',
  'cvv',
  'jwt',
  'otp',
  'pan',
  'passphrase',
  'passwd',
  'password',
  'pin',
  'pwd',
  'secret',
  'secrets',
  'securitycode',
  'session',
  'sessionid',
  'sid',
  'signingkey',
  'ssn',
  'token',
  'tokens',
  'xsrf',
];

/** Names that end so are secrets too: `clientSecret`, `x-api-key`, `id_token`, `creditCardNumber`. */
const SECRET_ENDINGS: readonly string[] = [
  'accesskey',
  'apikey',
  'apikeys',
  'authorization',
  'cardnumber',
  'cookie',
  'cookies',
  'encryptionkey',
  'passphrase',
  'passwd',
  'password',
  'passwords',
  'privatekey',
  'secret',
  'secretkey',
  'secrets',
  'sessionid',
  'token',
];

/** Tokens that open nothing: places in a list and names of requests. */
const HARMLESS_NAMES: readonly string[] = [
  'clientrequesttoken',
  'continuationtoken',
  'idempotencytoken',
  'nextcontinuationtoken',
  'nextpagetoken',
  'nexttoken',
  'pagetoken',
  'paginationtoken',
];

/** What {@link redactionDefaults} tells: the names that are redacted unless `redact: false` is set. */
export interface RedactionDefaults {
  /** Names that match as a whole. */
  readonly names: readonly string[];
  /** Ends of names. */
  readonly endings: readonly string[];
  /** Names that are kept although they end so. */
  readonly kept: readonly string[];
}

/** The names that are redacted by default; case, hyphens, underscores, dots and spaces do not count. */
export const redactionDefaults: RedactionDefaults = Object.freeze({
  names: Object.freeze([...SECRET_NAMES]),
  endings: Object.freeze([...SECRET_ENDINGS]),
  kept: Object.freeze([...HARMLESS_NAMES]),
});

/** Key names to redact on top of the defaults; `false` redacts nothing at all. */
export type Redact = readonly (string | RegExp)[] | false;

/** Tells whether the value under a name must not be written. */
export type Redactor = (name: string) => boolean;

/** Names longer than this are not remembered, and are matched by their end. */
const REMEMBERED_LENGTH = 64;
/** Names come from callers too (a logged body): the memory of decisions has an end. */
const REMEMBERED_NAMES = 1000;

const SEPARATORS = /[-_.\s]+/g;

const normalise = (name: string): string => name.replace(SEPARATORS, '').toLowerCase();

/**
 * Builds the test for secret names.
 *
 * @param redact - names (case, hyphens and underscores do not count) and patterns on top of the defaults, or `false` for none
 * @throws TypeError when `redact` is neither `false` nor a list of texts and patterns
 * @example
 * const secret = createRedactor(['iban']);
 * secret('X-Api-Key'); // true
 * secret('IBAN'); // true
 */
export function createRedactor(redact: Redact = []): Redactor {
  if (redact === false) return () => false;
  if (!Array.isArray(redact) || !redact.every((name) => typeof name === 'string' || name instanceof RegExp)) {
    throw new TypeError(
      'logger option "redact" must be false or a list of key names and regular expressions',
    );
  }

  const names = new Set([
    ...SECRET_NAMES,
    ...redact.filter((name) => typeof name === 'string').map(normalise),
  ]);
  const kept = new Set(HARMLESS_NAMES.filter((name) => !names.has(name)));
  // a pattern with g or y remembers where it stopped: the same name would match every second time
  const patterns = redact
    .filter((name) => name instanceof RegExp)
    .map((pattern) => new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')));

  const decide = (name: string): boolean => {
    const plain = normalise(name);
    if (names.has(plain) || patterns.some((pattern) => pattern.test(name))) return true;
    return !kept.has(plain) && SECRET_ENDINGS.some((ending) => plain.endsWith(ending));
  };

  const decided = new Map<string, boolean>();
  return (name) => {
    const known = decided.get(name);
    if (known !== undefined) return known;
    const secret = decide(name);
    if (decided.size < REMEMBERED_NAMES && name.length <= REMEMBERED_LENGTH) decided.set(name, secret);
    return secret;
  };
}
