import type { SweepReport } from 'handlersmith/store';

import { photos } from './store.ts';

/** Counts what a sweep would delete, in all days there are. */
export async function orphans(): Promise<SweepReport> {
  return photos.sweep({ days: 'all', dryRun: true });
}
