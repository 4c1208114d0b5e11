/**
 * The events every candidate answers: `POST /items` as HTTP API v2 sends it.
 *
 * @module
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** A case of the job, by name. */
export type Scenario = keyof typeof bodies;

const bodies = {
  valid: () => JSON.stringify({ name: 'Blue widget', price: 12.5 }),
  invalid: () => JSON.stringify({ name: '', price: -1 }),
  malformed: () => '{"name":"Blue',
  boom: () => JSON.stringify({ name: 'boom', price: 1 }),
  /** A megabyte of JSON that still is a valid item, and stays under a limit of 1 MiB. */
  large: () => largeBody(1_000_000),
};

/** What the checks try, in order. */
export const checkedScenarios: readonly Scenario[] = ['valid', 'invalid', 'malformed', 'boom'];

/**
 * Builds the event of a scenario.
 *
 * @param scenario - which body it carries
 * @param path - the path asked for
 * @returns a fresh event, parsed from text as the runtime client does
 */
export function eventFor(scenario: Scenario, path = '/items'): APIGatewayProxyEventV2 {
  const body = bodies[scenario]();
  // Parsed, not built: strings out of JSON.parse have another shape in memory than literals.
  return JSON.parse(JSON.stringify(template(body, path))) as APIGatewayProxyEventV2;
}

function template(body: string, path: string): APIGatewayProxyEventV2 {
  const host = 'r3pmxmplak.execute-api.us-east-2.amazonaws.com';
  return {
    version: '2.0',
    routeKey: `POST ${path}`,
    rawPath: path,
    rawQueryString: '',
    cookies: ['session=abc123', 'theme=dark'],
    headers: {
      accept: 'application/json, text/plain, */*',
      'accept-encoding': 'gzip, deflate, br',
      'accept-language': 'en-US,en;q=0.9',
      'content-length': String(Buffer.byteLength(body)),
      'content-type': 'application/json',
      host,
      origin: 'https://app.example.com',
      referer: 'https://app.example.com/new',
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0',
      'x-amzn-trace-id': 'Root=1-5e6722a7-cc56e2a17ed46db7ae02d4da',
      'x-forwarded-for': '205.255.255.176',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    requestContext: {
      accountId: '123456789012',
      apiId: 'r3pmxmplak',
      domainName: host,
      domainPrefix: 'r3pmxmplak',
      http: {
        method: 'POST',
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '205.255.255.176',
        userAgent: 'Mozilla/5.0',
      },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: `POST ${path}`,
      stage: '$default',
      time: '10/Mar/2020:05:16:23 +0000',
      timeEpoch: 1583817383220,
    },
    body,
    isBase64Encoded: false,
  };
}

function largeBody(bytes: number): string {
  const entry = {
    sku: 'sku-000000',
    quantity: 3,
    price: 9.99,
    tags: ['red', 'large'],
    note: 'left at the door',
  };
  const count = Math.floor(bytes / (JSON.stringify(entry).length + 1));
  return JSON.stringify({ name: 'Bulk', price: 1, entries: Array.from({ length: count }, () => entry) });
}
