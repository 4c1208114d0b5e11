/**
 * Calls to the SNS of this machine, in its query protocol.
 *
 * @module
 */
import type { LocalAws } from '../aws/start.ts';

/** @throws Error with SNS' own message */
export function callSns(
  aws: Pick<LocalAws, 'sns' | 'region'>,
  trace?: string,
): (action: string, parameters: Readonly<Record<string, string>>) => Promise<void> {
  return async (action, parameters) => {
    const answer = await fetch(aws.sns.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        // Nobody looks at the signature, but requests of web pages have none.
        authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${aws.region}/sns/aws4_request`,
        ...(trace !== undefined && { 'x-amzn-trace-id': trace }),
      },
      body: new URLSearchParams({ Action: action, Version: '2010-03-31', ...parameters }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${action}: ${/<Message>([^<]*)</u.exec(text)?.[1] ?? text}`);
  };
}
