/**
 * What can be done to an app that is being played.
 *
 * @module
 */
import { isRecord } from '../mapping/answer.ts';
import { serviceCall } from '../mapping/index.ts';
import type { LocalApp } from '../runner/index.ts';
import type { JournalEntry } from '../runner/journal.ts';
import { objectPath } from '../runner/signed.ts';
import { callSns } from '../runner/sns-call.ts';
import { NotThere, Wrong } from './errors.ts';

type Input = Readonly<Record<string, unknown>>;

/** Sends a request to a gateway, and gives what a client would get. */
export async function sendRequest(local: LocalApp, input: Input): Promise<object> {
  const gateway = textOf(input, 'gateway');
  const url = local.urls[gateway];
  if (url === undefined) throw new NotThere(`There is no gateway ${gateway}`);
  const method = textOf(input, 'method').toUpperCase();
  const path = textOf(input, 'path');
  // `@elsewhere/` would make the gateway's address a user's name.
  if (!path.startsWith('/')) throw new Wrong('A path begins with a slash');
  const headers = isRecord(input['headers']) ? input['headers'] : {};
  const body = input['base64'] === true ? Buffer.from(textOf(input, 'body'), 'base64') : input['body'];
  const isSent = (typeof body === 'string' || Buffer.isBuffer(body)) && body.length > 0;
  if (isSent && (method === 'GET' || method === 'HEAD'))
    throw new Wrong(`A ${method} request has no body here: choose another method, or leave the body empty`);
  const startedAt = performance.now();
  const answer = await fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    ...(isSent && { body }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isText = /^text\/|json|xml|javascript|urlencoded/iu.test(
    answer.headers.get('content-type') ?? 'text/',
  );
  return {
    status: answer.status,
    headers: [...answer.headers],
    body: isText ? bytes.toString('utf8') : bytes.toString('base64'),
    base64: !isText,
    duration: performance.now() - startedAt,
  };
}

/** Puts a file into a bucket. */
export async function putObject(
  local: LocalApp,
  bucket: string,
  key: string,
  body: Buffer,
  contentType: string,
): Promise<object> {
  if (key === '') throw new Wrong('The key is missing');
  const { headers } = await local.s3('PUT', objectPath(bucket, key), {
    headers: { 'content-type': contentType },
    body: new Uint8Array(body),
  });
  return { etag: headers.get('etag') };
}

/** Sends a message to a queue. */
export function sendMessage(local: LocalApp, name: string, input: Input): object {
  const queue = local.aws.sqs.queue(name);
  if (queue === undefined) throw new NotThere(`There is no queue ${name}`);
  const group = input['group'];
  const messageId = queue.send({
    MessageBody: textOf(input, 'body'),
    ...(name.endsWith('.fifo') && {
      MessageGroupId: typeof group === 'string' && group !== '' ? group : 'page',
      MessageDeduplicationId: crypto.randomUUID(),
    }),
  });
  return { messageId };
}

/** Publishes a message to a topic. */
export async function publish(local: LocalApp, name: string, input: Input): Promise<object> {
  const topic = local.app.topics.find((declared) => declared.name === name);
  if (topic === undefined) throw new NotThere(`There is no topic ${name}`);
  const Message = textOf(input, 'body');
  const fifo = name.endsWith('.fifo')
    ? { MessageGroupId: 'page', MessageDeduplicationId: crypto.randomUUID() }
    : {};
  await callSns(local.aws)('Publish', { TopicArn: topic.arn, Message, ...fifo });
  return {};
}

/** Moves all messages of a dead-letter queue back to where they came from. */
export async function redrive(local: LocalApp, name: string): Promise<object> {
  const { sqs, region } = local.aws;
  if (sqs.queue(name) === undefined) throw new NotThere(`There is no queue ${name}`);
  const call = serviceCall('sqs', { endpoint: sqs.endpoint, region });
  await call('StartMessageMoveTask', { SourceArn: sqs.queueArn(name) });
  return {};
}

/** Fires a schedule now, for the slot that is given or the current time. Does not wait for the function. */
export function fireSchedule(local: LocalApp, id: string, input: Input): object {
  const schedule = local.schedules.get(id);
  if (schedule === undefined)
    throw new NotThere(`There is no schedule ${id}. There are: ${[...local.schedules.keys()].join(', ')}`);
  const slot = input['slot'] === undefined ? undefined : new Date(textOf(input, 'slot'));
  if (slot !== undefined && Number.isNaN(slot.getTime()))
    throw new Wrong(`${textOf(input, 'slot')} is no time`);
  void schedule.fire(slot);
  return { slot: (slot ?? new Date(local.clock.now())).toISOString() };
}

/** Invokes a function and waits for it. */
export async function invokeFunction(local: LocalApp, name: string, input: Input): Promise<object> {
  const known = local.app.functions.flatMap(({ id, name: physical }) => [id, physical]);
  if (!known.includes(name))
    throw new NotThere(
      `There is no function ${name}. There are: ${local.app.functions.map(({ id }) => id).join(', ')}`,
    );
  return local.invoke(name, input['event'] ?? {});
}

/** Invokes a function again with the event it had. */
export async function replay(local: LocalApp, requestId: string): Promise<object> {
  const entry = local.journal.entry(requestId);
  if (entry === undefined) throw new NotThere(`There is no invocation ${requestId}`);
  return local.invoke(entry.function, eventOf(entry));
}

function eventOf({ event }: JournalEntry): unknown {
  try {
    return JSON.parse(event);
  } catch (cause) {
    throw new Wrong('The event was too long to be kept whole: it cannot be replayed', { cause });
  }
}

/** Moves the clock ahead, by milliseconds or to a time. */
export function moveClock({ clock }: LocalApp, input: Input): object {
  const { advance, to } = input;
  try {
    if (typeof advance === 'number') clock.advance(advance);
    else clock.moveTo(new Date(textOf(input, 'to')));
  } catch (error) {
    throw new Wrong(error instanceof Error ? error.message : String(to));
  }
  return { now: clock.now() };
}

function textOf(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== 'string') throw new Wrong(`${name} is missing or no text`);
  return value;
}
