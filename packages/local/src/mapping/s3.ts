/**
 * Notifications of buckets: which changes go where.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
 */

/** What of a change decides where it goes. */
export interface NotifiedChange {
  /** Without `s3:`, as records have it. */
  readonly name: string;
  /** As it was put, not encoded. */
  readonly key: string;
}

/** What a notification asks for. */
export interface Wanted {
  /** Such as `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  readonly prefix?: string;
  readonly suffix?: string;
}

/** Whether a change is one that a notification asks for. */
export function isNotified(
  { events, prefix = '', suffix = '' }: Wanted,
  { name, key }: NotifiedChange,
): boolean {
  return key.startsWith(prefix) && key.endsWith(suffix) && events.some((event) => covers(event, name));
}

function covers(event: string, name: string): boolean {
  const wanted = event.replace(/^s3:/u, '');
  return wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
}
