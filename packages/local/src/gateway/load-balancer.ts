/**
 * Application Load Balancer with a function as its target.
 *
 * @module
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
import { wildcard } from '../service/wildcard.ts';
import type { AppGateway } from '../template/app.ts';
import { commonParts, multiValueLines, withContentType } from './answer.ts';
import type { GatewayAnswer } from './answer.ts';
import { encodeBody } from './body.ts';
import { regionOf } from './kind.ts';
import type { GatewayKind } from './kind.ts';
import { ALB_LIMIT } from './limits.ts';
import { encodedQuery, lastOfEach, listed, lowerCased } from './pairs.ts';
import { header } from './request.ts';

/** Its errors are pages, its rules are path patterns, and it reads headers in the form it was told to send them in. */
export function loadBalancer(gateway: AppGateway, accountId: string): GatewayKind {
  const rules = gateway.routes.map((route) => ({ route, covers: pathPattern(route.path) }));
  const multi = gateway.multiValueHeaders === true;
  const failed = page(502, 'Bad Gateway');
  const tooLarge = page(413, 'Request Entity Too Large');
  return {
    bodyLimit: ALB_LIMIT,
    answerLimit: ALB_LIMIT,
    refusals: {
      'body-too-large': tooLarge,
      'event-too-large': tooLarge,
      'function-failed': failed,
      'malformed-answer': failed,
      timeout: failed,
      throttled: failed,
      unauthorized: page(401, 'Authorization Required'),
      forbidden: page(403, 'Forbidden'),
      'authorizer-failed': page(500, 'Internal Server Error'),
    },
    find({ method, path }) {
      // Rules stand in the order of their priority: the first that holds takes it.
      const rule = rules.find(
        ({ route, covers }) => covers.test(path) && (route.method === 'ANY' || route.method === method),
      );
      return rule === undefined ? page(404, 'Not Found') : { route: rule.route, parameters: {} };
    },
    event(request, { route }) {
      const headers = lowerCased(request.headers);
      const query = encodedQuery(request.query);
      const body = encodeBody(request.body, header(request.headers, 'content-type'));
      return {
        requestContext: {
          elb: {
            targetGroupArn: `arn:aws:elasticloadbalancing:${regionOf(gateway)}:${accountId}:targetgroup/${route.function}/local`,
          },
        },
        httpMethod: request.method,
        path: request.path,
        ...(multi
          ? { multiValueQueryStringParameters: listed(query), multiValueHeaders: listed(headers) }
          : { queryStringParameters: lastOfEach(query), headers: lastOfEach(headers) }),
        body: body.body ?? '',
        isBase64Encoded: body.isBase64Encoded,
      };
    },
    read(payload) {
      const parts = commonParts(payload);
      const lines = multi ? multiValueLines(parts?.answer['multiValueHeaders'] ?? null) : parts?.headers;
      if (parts === undefined || lines === undefined) return undefined;
      const body = Buffer.from(parts.body, parts.isBase64Encoded ? 'base64' : 'utf8');
      return {
        status: parts.status,
        headers: withContentType(lines, body, 'application/octet-stream'),
        body,
      };
    },
  };
}

function page(status: number, text: string): GatewayAnswer {
  const title = `${status} ${text}`;
  return {
    status,
    headers: [['content-type', 'text/html']],
    body: Buffer.from(
      `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
    ),
  };
}

/** The path of a rule; `$default` is everything. */
function pathPattern(path: string): RegExp {
  return path === '$default' ? /^/u : wildcard(path);
}
