/**
 * Lambda Function URL.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
import type { AppGateway } from '../template/app.ts';
import { jsonAnswer } from './answer.ts';
import type { GatewayAnswer } from './answer.ts';
import { encodeBody } from './body.ts';
import { authorizerV2 } from './identity.ts';
import { regionOf } from './kind.ts';
import type { GatewayKind } from './kind.ts';
import { INVOCATION_PAYLOAD_LIMIT } from './limits.ts';
import { eventV2, readV2 } from './payload-v2.ts';
import { header } from './request.ts';

/** One route, one stage, the path as it was sent; errors with a capital `Message`. */
export function functionUrl(gateway: AppGateway, accountId: string): GatewayKind {
  const [route] = gateway.routes;
  const urlId = gateway.name.toLowerCase();
  // Nothing but its domain tells its events from those of an HTTP API, so they have the one they have on AWS.
  const domainName = `${urlId}.lambda-url.${regionOf(gateway)}.on.aws`;
  const failed: GatewayAnswer = {
    status: 502,
    headers: [['content-type', 'text/plain']],
    body: Buffer.from('Internal Server Error'),
  };
  const tooLarge = refusal(413, `Request must be smaller than ${INVOCATION_PAYLOAD_LIMIT} bytes`);
  return {
    bodyLimit: INVOCATION_PAYLOAD_LIMIT,
    answerLimit: INVOCATION_PAYLOAD_LIMIT,
    refusals: {
      'body-too-large': tooLarge,
      'event-too-large': tooLarge,
      'function-failed': failed,
      'malformed-answer': failed,
      timeout: failed,
      throttled: refusal(429, 'Rate Exceeded.'),
      unauthorized: refusal(403, 'Forbidden'),
      forbidden: refusal(403, 'Forbidden'),
      'authorizer-failed': refusal(403, 'Forbidden'),
    },
    find: () => (route === undefined ? refusal(403, 'Forbidden') : { route, parameters: {} }),
    event: (request, _, identity) =>
      eventV2(request, {
        accountId: identity === undefined ? 'anonymous' : accountId,
        apiId: urlId,
        domainName,
        routeKey: '$default',
        stage: '$default',
        path: request.path,
        requestId: request.id,
        authorizer: authorizerV2(identity),
        body: encodeBody(request.body, header(request.headers, 'content-type')),
      }),
    read: readV2,
  };
}

function refusal(status: number, Message: string): GatewayAnswer {
  return jsonAnswer(status, { Message });
}
