/**
 * Looks into an app that is being played: what it is, what is in it, how much of it.
 *
 * @module
 */
import { isRecord } from '../mapping/answer.ts';
import { serviceCall } from '../mapping/index.ts';
import type { LocalApp } from '../runner/index.ts';
import { objectPath } from '../runner/signed.ts';
import { NotThere } from './errors.ts';

/** Items and objects shown at once. */
const PAGE = 100;

/** The app as its template has it, with the URLs it has here. */
export function describeApp({ app, urls, schedules }: LocalApp): object {
  return {
    ...app,
    urls,
    schedules: Object.fromEntries(
      [...schedules].map(([id, one]) => [id, { next: one.next()?.getTime() ?? null }]),
    ),
  };
}

/** Live counts of everything that holds something. */
export async function counts(local: LocalApp): Promise<object> {
  const { app, aws, clock, journal } = local;
  const queues = app.queues.map(({ id, name }) => [id, aws.sqs.queue(name)?.counts ?? {}] as const);
  const [tables, buckets] = await Promise.all([
    Promise.all(app.tables.map(async ({ id, name }) => [id, await itemCount(local, name)] as const)),
    Promise.all(app.buckets.map(async ({ id, name }) => [id, await objectCount(local, name)] as const)),
  ]);
  const functions = new Map<string, { invocations: number; errors: number; running: number }>();
  for (const { function: id, result } of journal.entries()) {
    const count = functions.get(id) ?? { invocations: 0, errors: 0, running: 0 };
    functions.set(id, count);
    count.invocations += 1;
    if (result === undefined) count.running += 1;
    else if (!result.ok) count.errors += 1;
  }
  return {
    now: clock.now(),
    queues: Object.fromEntries(queues),
    tables: Object.fromEntries(tables),
    buckets: Object.fromEntries(buckets),
    functions: Object.fromEntries(functions),
    mails: aws.ses.mails().length,
    schedules: Object.fromEntries(
      [...local.schedules].map(([id, one]) => [id, { next: one.next()?.getTime() ?? null }]),
    ),
  };
}

/** A page of a table's items, as DynamoDB has them. */
export async function tableItems(local: LocalApp, table: string, start: unknown): Promise<object> {
  const page = await dynamodb(local)('Scan', {
    TableName: table,
    Limit: PAGE,
    ...(isRecord(start) && { ExclusiveStartKey: start }),
  });
  return { items: page['Items'] ?? [], next: page['LastEvaluatedKey'] ?? null };
}

/** The first objects of a bucket, by key. */
export async function bucketObjects(local: LocalApp, bucket: string, prefix: string): Promise<object> {
  const query = { 'list-type': '2', 'max-keys': String(PAGE), ...(prefix !== '' && { prefix }) };
  const { body } = await local.s3('GET', `/${bucket}`, { query });
  const text = body.toString();
  const objects = [...text.matchAll(/<Contents>(.*?)<\/Contents>/gsu)].map(([, content = '']) => ({
    key: unescaped(part(content, 'Key')),
    size: Number(part(content, 'Size')),
    modified: part(content, 'LastModified'),
    etag: unescaped(part(content, 'ETag')).replaceAll('"', ''),
  }));
  return { objects, truncated: part(text, 'IsTruncated') === 'true' };
}

/** An object's bytes and type. */
export async function objectBytes(
  local: LocalApp,
  bucket: string,
  key: string,
): Promise<{ readonly contentType: string; readonly body: Buffer }> {
  const { headers, body } = await local.s3('GET', objectPath(bucket, key));
  return { contentType: headers.get('content-type') ?? 'application/octet-stream', body };
}

/** The HTML of a mail. */
export function mailHtml({ aws }: LocalApp, messageId: string): string {
  const html = aws.ses.mails().find((mail) => mail.messageId === messageId)?.html;
  if (html === undefined) throw new NotThere(`There is no mail ${messageId} with HTML`);
  return html;
}

async function itemCount(local: LocalApp, table: string): Promise<number> {
  const { Count: count } = await dynamodb(local)('Scan', { TableName: table, Select: 'COUNT' });
  return typeof count === 'number' ? count : 0;
}

async function objectCount(local: LocalApp, bucket: string): Promise<number> {
  const { body } = await local.s3('GET', `/${bucket}`, { query: { 'list-type': '2' } });
  return Number(part(body.toString(), 'KeyCount'));
}

function dynamodb({ aws }: LocalApp): ReturnType<typeof serviceCall> {
  return serviceCall('dynamodb', { endpoint: aws.dynamodb.endpoint, region: aws.region });
}

function part(xml: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`, 'u').exec(xml)?.[1] ?? '';
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
