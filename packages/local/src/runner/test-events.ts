/**
 * What S3 sends to queues and topics when a bucket begins to tell them of its changes. Functions get none.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
import { randomUUID } from 'node:crypto';

import type { Clock } from '../clock/clock.ts';
import type { Deliver } from '../mapping/index.ts';
import type { App } from '../template/app.ts';
import type { Resources } from './resources.ts';

/** Sends a test event to whom the new buckets of a template tell of their changes. */
export async function sendTestEvents(
  app: App,
  { newBuckets }: Pick<Resources, 'newBuckets'>,
  deliver: Deliver,
  clock: Pick<Clock, 'now'>,
): Promise<void> {
  const told = app.buckets
    .filter(({ id }) => newBuckets.has(id))
    .flatMap(({ name, notifications }) => notifications.map(({ target }) => ({ name, target })))
    .filter(({ target }) => /^arn:aws:(?:sqs|sns):/u.test(target));
  await Promise.all(
    told.map(({ name, target }) =>
      deliver(
        target,
        {
          Service: 'Amazon S3',
          Event: 's3:TestEvent',
          Time: new Date(clock.now()).toISOString(),
          Bucket: name,
          RequestId: randomUUID(),
          HostId: randomUUID(),
        },
        [],
      ),
    ),
  );
}
