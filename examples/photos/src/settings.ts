/**
 * What the template tells the functions.
 *
 * @module
 */

/** A variable of the environment. Read when a module is loaded: one that is missing fails the first start, not a user. */
export function setting(
  name: 'ALBUM_BUCKET' | 'MAIL_FROM' | 'MAIL_TO' | 'PHOTOS_TABLE' | 'RECORDS_TABLE' | 'THUMBNAILS_QUEUE',
): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Error(`${name} is not set: template.yaml gives it to the functions that need it`);
  return value;
}
