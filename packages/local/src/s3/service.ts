/**
 * What every operation works with.
 *
 * @module
 */
import type { Answer } from './answer.ts';
import type { ObjectChange } from './notification.ts';
import type { S3Request } from './request.ts';
import type { Store } from './store.ts';

export interface Service {
  readonly store: Store;
  readonly region: string;
  /** Tells those who listen what became of an object. Never throws. */
  notify(change: ObjectChange, request: S3Request): void;
}

/** One of S3's operations: which requests are meant for it, what they may say, and what it does. */
export interface Operation {
  /** As AWS names it. */
  readonly name: string;
  /** What a policy calls it; the versions of it that speak of a version end in `Version`. Undefined: asked by itself. */
  readonly action?: string;
  readonly method: string;
  readonly on: 'service' | 'bucket' | 'object';
  /** Query parameters without which a request is not meant for it. */
  readonly needs?: readonly string[];
  /** Header without which a request is not meant for it. */
  readonly needsHeader?: string;
  /** Other query parameters it takes. */
  readonly query?: readonly string[];
  /** `x-amz-*` headers it takes, beside those that every operation takes. A `*` at the end takes all that begin so. */
  readonly headers?: readonly string[];
  run(request: S3Request, service: Service): Promise<Answer> | Answer;
}

/** The account that owns everything here. */
export const OWNER = '000000000000';
