/**
 * Calls to the services of this machine, in the JSON protocols of AWS, without an SDK.
 *
 * @module
 */
import { request as httpRequest } from 'node:http';
import type { Agent } from 'node:http';

import { isRecord } from './answer.ts';

/** One service at an endpoint of this machine. */
export interface ServiceCall {
  /** @throws ServiceError with AWS's code */
  (operation: string, input: unknown, signal?: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
}

/** An error a service answered with. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  /** Such as `ExpiredIteratorException`. */
  readonly code: string;

  constructor(operation: string, code: string, message: string) {
    super(`${operation}: ${code}: ${message}`);
    this.code = code;
  }
}

const TARGETS = {
  sqs: { prefix: 'AmazonSQS', type: 'application/x-amz-json-1.0' },
  dynamodb: { prefix: 'DynamoDB_20120810', type: 'application/x-amz-json-1.0' },
  streams: { prefix: 'DynamoDBStreams_20120810', type: 'application/x-amz-json-1.0' },
  kinesis: { prefix: 'Kinesis_20131202', type: 'application/x-amz-json-1.1' },
} as const;

/** What a request is signed with here: nobody looks at the signature, but it says whose key, service and region it is. */
function authorization(service: string, region: string): string {
  return `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}

export function serviceCall(
  service: keyof typeof TARGETS,
  options: {
    readonly endpoint: string;
    readonly region: string;
    readonly agent?: Agent;
    readonly trace?: string;
  },
): ServiceCall {
  const { prefix, type } = TARGETS[service];
  const name = service === 'streams' ? 'dynamodb' : service;
  return async (operation, input, signal) => {
    const { status, text } = await post(
      options.endpoint,
      {
        'content-type': type,
        'x-amz-target': `${prefix}.${operation}`,
        authorization: authorization(name, options.region),
        'x-amz-date': '20260101T000000Z',
        ...(options.trace !== undefined && { 'x-amzn-trace-id': options.trace }),
      },
      JSON.stringify(input),
      { agent: options.agent, signal },
    );
    const answer: unknown = text === '' ? {} : JSON.parse(text);
    const body = isRecord(answer) ? answer : {};
    if (status < 300) return body;
    const code = typeof body['__type'] === 'string' ? body['__type'] : `HTTP ${status}`;
    const message = body['message'] ?? body['Message'];
    throw new ServiceError(
      operation,
      code.replace(/^.*#/u, ''),
      typeof message === 'string' ? message : text,
    );
  };
}

function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  { agent, signal }: { agent: Agent | undefined; signal: AbortSignal | undefined },
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      {
        method: 'POST',
        headers,
        ...(agent !== undefined && { agent }),
        ...(signal !== undefined && { signal }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
