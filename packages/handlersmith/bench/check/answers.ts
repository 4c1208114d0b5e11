/**
 * Holds a candidate to the job before it is timed: a fast wrong answer is worth nothing.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';

import type { Candidate } from '../candidates.ts';
import type { Answer } from '../job/handler.ts';
import { lambdaEnvironment } from '../job/lambda.ts';
import type { Outcome } from './child.ts';

/**
 * Lets a candidate answer the valid, the invalid, the malformed and the failing event.
 *
 * @param candidate - who
 * @param bundle - absolute path of its bundle
 * @param child - absolute path of the bundled `check/child.ts`
 * @returns what is wrong, in words; empty when all is right
 */
export function wrongAnswers(candidate: Candidate, bundle: string, child: string): string[] {
  const { status, stdout, stderr, output } = spawnSync(process.execPath, [child, bundle], {
    env: lambdaEnvironment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  if (status !== 0) return [`crashed: ${stderr.trim()}`];
  // The child wrote them; a broken child shows as a parse error here.
  const outcomes = JSON.parse(output[3] ?? '') as Outcome[];
  const lines = `${stdout}\n${stderr}`.split('\n');
  return outcomes.flatMap((outcome) =>
    [...answerFaults(outcome), ...logFaults(outcome, lines, candidate.logs)].map(
      (fault) => `${outcome.scenario}: ${fault}`,
    ),
  );
}

function* answerFaults({ scenario, answer }: Outcome): Generator<string> {
  const headers = lowerCased(answer);
  const body = bodyOf(answer);
  const status = answer.statusCode ?? 0;

  if (headers['access-control-allow-origin'] !== '*') yield 'no CORS header';
  if (!/^application\/(?:problem\+)?json\b/.test(headers['content-type'] ?? '')) {
    yield `content type ${headers['content-type']}`;
  }
  if (!isExpected(scenario, status)) yield `status ${status}: ${body}`;
  if (scenario === 'valid' && body !== '{"id":"item-1","name":"Blue widget","price":12.5}')
    yield `body ${body}`;
  if (scenario === 'invalid' && !(body.includes('name') && body.includes('price')))
    yield `no field errors in ${body}`;
  if (scenario === 'boom' && body.includes('boom')) yield `the answer gives the error away: ${body}`;
}

function* logFaults(
  { scenario, requestId }: Outcome,
  lines: readonly string[],
  logs: boolean,
): Generator<string> {
  const own = lines.filter((line) => line.includes(requestId));
  if (logs && own.length !== 1) yield `${own.length} log lines with the request id, not one`;
  // Silence does not cover an error that nobody else would report.
  if (!logs && own.length !== 0 && scenario !== 'boom') yield `${own.length} log lines, not none`;
  for (const line of own) if (!isJson(line)) yield `not a JSON log line: ${line}`;
}

function isExpected(scenario: string, status: number): boolean {
  switch (scenario) {
    case 'valid':
      return status === 201;
    case 'invalid':
      return status === 400 || status === 422;
    case 'malformed':
      return status >= 400 && status < 500;
    default:
      return status === 500;
  }
}

function lowerCased({ headers = {}, multiValueHeaders = {} }: Answer): Record<string, string | undefined> {
  const all = [
    ...Object.entries(headers),
    ...Object.entries(multiValueHeaders).map(([name, [first]]) => [name, first]),
  ];
  return Object.fromEntries(all.map(([name, value]) => [String(name).toLowerCase(), value]));
}

function bodyOf({ body = '', isBase64Encoded }: Answer): string {
  return isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
