/**
 * An object as a test states it, and what events tell of it.
 *
 * @module
 */
import { createHash, randomBytes } from 'node:crypto';

/** What happened to one object, as a test states it. */
export interface S3EventObject {
  /** As it is: encoding it is the builder's work. */
  readonly key: string;
  /** The event's name, without `s3:`. `ObjectCreated:Put` if not given. */
  readonly event?: string;
  /** What is stored: size and ETag follow from it. */
  readonly body?: string | Uint8Array;
  /** Bytes. Those of the body, else 1024, if not given; removed objects have none. */
  readonly size?: number;
  /** That of the body, else of nothing, if not given; removed objects have none. */
  readonly etag?: string;
  /** None if not given: the bucket has no versioning. */
  readonly versionId?: string;
  /** Higher than all before it if not given. */
  readonly sequencer?: string;
  /** Now if not given. */
  readonly time?: Date;
}

/** Where the objects are. */
export interface S3Bucket {
  /** `test-bucket` if not given. */
  readonly bucket?: string;
  readonly region?: string;
  readonly account?: string;
}

/** What an event of either kind says of an object. */
export interface Told {
  readonly event: string;
  readonly isRemoved: boolean;
  readonly size: number | undefined;
  readonly etag: string | undefined;
  readonly versionId: string | undefined;
  readonly sequencer: string | undefined;
  readonly time: Date;
  readonly requestId: string;
}

/** Sequencers have 18 digits where nothing is left out, and only ever rise. */
const FIRST_SEQUENCER = 0x00_65_00_00_00_00_00_00_00n;
const SEQUENCER_STEP = 0x1_00_07n;
const SEQUENCER_DIGITS = 18;
const DEFAULT_SIZE = 1024;
let last = FIRST_SEQUENCER;

/** Computes what an event tells. */
export function toldOf(object: S3EventObject): Told {
  const { event = 'ObjectCreated:Put', body, versionId, time = new Date() } = object;
  const isRemoved = event.startsWith('ObjectRemoved:') || event.startsWith('LifecycleExpiration:');
  const isOrdered = isRemoved || event.startsWith('ObjectCreated:');
  const bytes = body === undefined ? undefined : Buffer.from(body);
  return {
    event,
    isRemoved,
    size: isRemoved ? undefined : (object.size ?? bytes?.byteLength ?? DEFAULT_SIZE),
    etag: isRemoved ? undefined : (object.etag ?? md5(bytes ?? Buffer.alloc(0))),
    versionId,
    sequencer: isOrdered ? (object.sequencer ?? nextSequencer()) : undefined,
    time,
    requestId: randomBytes(8).toString('hex').toUpperCase(),
  };
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

function nextSequencer(): string {
  last += SEQUENCER_STEP;
  return last.toString(16).toUpperCase().padStart(SEQUENCER_DIGITS, '0');
}
