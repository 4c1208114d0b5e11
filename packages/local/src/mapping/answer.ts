/**
 * What a function says about a batch.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
import type { FunctionResult } from '../function/function.ts';

/** The items that failed, or `all` for a batch that failed as a whole. */
export type BatchFailures = ReadonlySet<string> | 'all';

/**
 * Reads the answer for a batch as Lambda does: a function that failed has failed every item, an answer that makes no
 * sense has too.
 *
 * @param ids - what the batch's items are called
 * @param reports - whether the mapping has `ReportBatchItemFailures`; without it an answer is not looked at
 */
export function batchFailures(
  result: FunctionResult,
  ids: ReadonlySet<string>,
  reports: boolean,
): BatchFailures {
  if (!result.ok) return 'all';
  if (!reports) return new Set();
  const list = failureList(result.payload);
  if (list === undefined) return 'all';
  const failed = new Set<string>();
  for (const item of list) {
    const id = isRecord(item) ? item['itemIdentifier'] : undefined;
    if (typeof id !== 'string' || !ids.has(id)) return 'all';
    failed.add(id);
  }
  return failed;
}

/** Nothing, null, no list or an empty one: all done. Anything else that is no list: undefined. */
function failureList(payload: string | Uint8Array): readonly unknown[] | undefined {
  const answer = parsed(payload);
  if (answer === null || answer === undefined) return [];
  if (!isRecord(answer)) return undefined;
  const list = answer['batchItemFailures'];
  if (list === null || list === undefined) return [];
  return Array.isArray(list) ? list : undefined;
}

/** The state a function gives back for its tumbling window. */
export function windowState(result: FunctionResult): unknown {
  const answer = result.ok ? parsed(result.payload) : undefined;
  return isRecord(answer) ? (answer['state'] ?? {}) : {};
}

function parsed(payload: string | Uint8Array): unknown {
  const text = typeof payload === 'string' ? payload : Buffer.from(payload).toString('utf8');
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
