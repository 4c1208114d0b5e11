/**
 * Subscribers that are HTTP endpoints.
 *
 * @module
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
 */
import type { Subscription } from './store.ts';

/** Milliseconds an endpoint has to answer. */
const PATIENCE_MS = 15_000;

const LOOPBACK = /^(?:127\.0\.0\.1|localhost|.+\.localhost|\[::1\])$/u;

/** A failure that another try will not mend. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable';
}

/** Whether a URL leads to this machine: nothing is sent to any other. */
export function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.test(new URL(url).hostname);
}

/**
 * @throws Undeliverable where the endpoint refuses the message
 * @throws Error where it was not reached, or failed
 */
export async function post(
  { arn, topicArn, endpoint, attributes }: Subscription,
  type: 'Notification' | 'SubscriptionConfirmation',
  id: string,
  body: string,
): Promise<void> {
  const raw = type === 'Notification' && attributes['RawMessageDelivery'] === 'true';
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'text/plain; charset=UTF-8',
      'user-agent': 'Amazon Simple Notification Service Agent',
      'x-amz-sns-message-type': type,
      'x-amz-sns-message-id': id,
      'x-amz-sns-topic-arn': topicArn,
      ...(type === 'Notification' && { 'x-amz-sns-subscription-arn': arn }),
      ...(raw && { 'x-amz-sns-rawdelivery': 'true' }),
    },
    body,
    // Where it leads may be another machine.
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  await answer.arrayBuffer();
  if (answer.ok) return;
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
    throw new Undeliverable(`it answered ${answer.status}`);
  }
  throw new Error(`it answered ${answer.status}`);
}
