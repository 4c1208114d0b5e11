/**
 * Which `x-amz-*` headers who may send.
 *
 * @module
 */

/** Those of every request. */
export const COMMON_HEADERS: readonly string[] = [
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-expected-bucket-owner',
  'x-amz-security-token',
  'x-amz-user-agent',
];

/** Those of a request with a body. */
export const BODY_HEADERS: readonly string[] = [
  'x-amz-checksum-*',
  'x-amz-decoded-content-length',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-trailer',
];

/** Whether a list of names, some with a `*` at the end, has one. */
export function hasName(names: readonly string[], name: string): boolean {
  return names.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : one === name));
}
