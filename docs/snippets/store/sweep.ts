import { sweepHandler } from 'handlersmith/store/sweep';

import { photos } from './store.ts';

export const handler = sweepHandler(photos, { schedule: 'sweep-photos' });
