/**
 * What `run` gets of a record, whatever stream it is from.
 *
 * @module
 */
import { Provided } from '../handler/provided.ts';
import type { RecordView } from '../records/batch.ts';

/** A record on its way into `run`: its own fields, and those of its view. */
export class Delivery extends Provided {
  /** @param fields - the record's own; they become members, and what is absent stays absent */
  constructor(view: RecordView, ...fields: readonly (object | undefined)[]) {
    super(view);
    for (const some of fields) Object.assign(this, some);
  }
}
