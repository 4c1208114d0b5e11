import type { CandidateHandler } from '../job/handler.ts';
import { byHand } from './by-hand.ts';

export const handler: CandidateHandler = byHand(() => {});
