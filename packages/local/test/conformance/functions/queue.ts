/** Workers of queues. What becomes of a message stands in its body: `fail`, `fail twice`, `throw`, anything else is done. */
import { setTimeout as pause } from 'node:timers/promises';

import type { SQSEvent, SQSRecord } from 'aws-lambda';

export async function worker(event: SQSEvent): Promise<unknown> {
  if (event.Records.some(({ body }) => body.startsWith('throw'))) throw new Error('the whole batch');
  const wait = Math.max(...event.Records.map(({ body }) => Number(/wait (\d+)/u.exec(body)?.[1] ?? 0)));
  await pause(wait);
  const failed = event.Records.filter(isFailing);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** FIFO: a failure takes along what stands behind it in its group. */
export async function inOrder(event: SQSEvent): Promise<unknown> {
  const groups = new Set<string | undefined>();
  const failed = event.Records.filter((record) => {
    const group = record.attributes.MessageGroupId;
    if (isFailing(record)) groups.add(group);
    return groups.has(group);
  });
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** Answers what the variable says, whatever came. */
export async function odd(): Promise<unknown> {
  return JSON.parse(process.env['ANSWER'] ?? 'null');
}

function isFailing({ body, attributes }: SQSRecord): boolean {
  if (body.startsWith('fail twice')) return Number(attributes.ApproximateReceiveCount) <= 2;
  if (body.startsWith('fail once')) return Number(attributes.ApproximateReceiveCount) <= 1;
  return body.startsWith('fail');
}
