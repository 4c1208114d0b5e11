/**
 * What `run` gets: one object.
 *
 * @module
 */
import type { FunctionEnvironment, FunctionInput } from '../handler/environment.ts';
import { Provided } from '../handler/provided.ts';
import type { RecordView } from '../records/batch.ts';
import type { ObjectRecord } from './notification.ts';
import type { S3Object } from './object.ts';

/** One event of one object, as a handler sees it. */
export interface S3Input<Env extends FunctionEnvironment> extends FunctionInput<Env> {
  /** What the event says of the object, and its bytes. */
  readonly object: S3Object;
  /** The record as it came: of a notification, or a whole EventBridge event. */
  readonly record: ObjectRecord;
}

/** One object on its way through a handler. */
export class ObjectWork extends Provided implements Record<keyof S3Input<FunctionEnvironment>, unknown> {
  readonly object: S3Object;
  readonly record: ObjectRecord;

  constructor(object: S3Object, record: ObjectRecord, view: RecordView) {
    super(view);
    this.object = object;
    this.record = record;
  }
}
