/** Told of objects: what it does is in the journal. Keys with `fail` in them fail. */
import type { S3Event } from 'aws-lambda';

export async function told(event: S3Event): Promise<void> {
  if (JSON.stringify(event).includes('fail')) throw new Error('cannot do it');
}

/** Takes whatever comes. */
export async function any(): Promise<string> {
  return 'any';
}
