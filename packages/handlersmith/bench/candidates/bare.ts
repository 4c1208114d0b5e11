import type { CandidateHandler } from '../job/handler.ts';
import { logLine } from '../job/log-line.ts';
import { byHand } from './by-hand.ts';

export const handler: CandidateHandler = byHand(logLine);
