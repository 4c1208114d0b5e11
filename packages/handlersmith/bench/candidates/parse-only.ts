/** What a 1 MB body costs at the least. */
import type { CandidateHandler } from '../job/handler.ts';

export const handler: CandidateHandler = async (event) => {
  const { name } = JSON.parse(event.body ?? '') as { name: string };
  return { statusCode: 201, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name }) };
};
