/**
 * What hooks and logs are told.
 *
 * @module
 */
import type { Step } from './attempt.ts';

/** What happened out of the ordinary. Holds names and ids, nothing of a body or a row. */
export type BlobEvent =
  /** A write was answered with what an earlier attempt had done. */
  | { readonly type: 'replayed'; readonly operation: string; readonly id: string }
  /** The sweep was faster than a slow writer, which stages again. `generation`: the new one. */
  | { readonly type: 'fenced'; readonly operation: string; readonly id: string; readonly generation: number }
  /** The row was not as the write needs it. `status`: 404, 409 or 412. */
  | { readonly type: 'conflict'; readonly operation: string; readonly id: string; readonly status: number }
  /** The write may have taken place or not; its caller is to try again. */
  | { readonly type: 'outcomeUnknown'; readonly operation: string; readonly id: string; readonly step: Step }
  /** A blob that no row refers to was deleted. */
  | { readonly type: 'orphanSwept'; readonly blobKey: string };

/** Functions of the team's own. What they throw is ignored. */
export interface BlobStoreHooks {
  readonly onEvent?: (event: BlobEvent) => void;
}
