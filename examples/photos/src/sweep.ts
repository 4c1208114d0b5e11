/**
 * Deletes what no row refers to: files of photos that were removed, and of uploads that came to nothing.
 *
 * @module
 */
import { sweepHandler } from 'handlersmith/store/sweep';

import { album } from './album.ts';
import { service } from './team.ts';

export const handler = sweepHandler(album(), { service, schedule: 'sweep' });
