/**
 * Where messages go that nobody can work off, and which queues may send theirs there.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
 */
import { invalid } from './errors.ts';
import { jsonIn } from './input.ts';
import type { Queue } from './queue.ts';
import { arnOf, nameOfArn } from './service.ts';
import type { SqsService } from './service.ts';

const MOST_RECEIVES = 1_000;
const MOST_SOURCES = 10;

export interface RedrivePolicy {
  readonly deadLetterArn: string;
  readonly maxReceiveCount: number;
}

/** The policy of a queue that has one. */
export function redrivePolicy({ record }: Pick<Queue, 'record'>): RedrivePolicy | undefined {
  const policy = record.attributes['RedrivePolicy'];
  return policy === undefined ? undefined : parsePolicy(policy);
}

/** The dead-letter queue of a queue, where both are there. */
export function deadLetterQueue(service: SqsService, { deadLetterArn }: RedrivePolicy): Queue | undefined {
  const name = nameOfArn(service, deadLetterArn);
  return name === undefined ? undefined : service.store.find(name);
}

/** Queues whose dead-letter queue this is. */
export function sourcesOf(service: SqsService, queue: Queue): readonly Queue[] {
  const arn = arnOf(service, queue.record.name);
  return service.store.queues().filter((source) => redrivePolicy(source)?.deadLetterArn === arn);
}

/** @throws SqsError for policies that cannot hold for the queue of this name */
export function checkPolicies(
  service: SqsService,
  name: string,
  attributes: Readonly<Record<string, string>>,
): void {
  const { RedrivePolicy: policy = '', RedriveAllowPolicy: allowance = '' } = attributes;
  if (allowance !== '') parseAllowance(allowance);
  if (policy === '') return;
  const refuse = (reason: string): Error =>
    invalid(`Value ${policy} for parameter RedrivePolicy is invalid. Reason: ${reason}.`);
  const target = deadLetterQueue(service, parsePolicy(policy));
  if (target === undefined) throw refuse('Dead letter target does not exist');
  if (target.fifo !== name.endsWith('.fifo')) {
    throw refuse('Dead-letter queue must be same type of queue as the source');
  }
  if (!allows(target, arnOf(service, name))) {
    throw refuse('Source queue is not allowed by the RedriveAllowPolicy of the dead-letter queue');
  }
}

function allows({ record }: Queue, sourceArn: string): boolean {
  const allowance = record.attributes['RedriveAllowPolicy'];
  if (allowance === undefined) return true;
  const { permission, sources } = parseAllowance(allowance);
  return permission === 'allowAll' || (permission === 'byQueue' && sources.includes(sourceArn));
}

function parsePolicy(policy: string): RedrivePolicy {
  const refuse = (reason: string): Error =>
    invalid(`Value ${policy} for parameter RedrivePolicy is invalid. Reason: ${reason}.`);
  const { deadLetterTargetArn, maxReceiveCount, ...others } = jsonIn('RedrivePolicy', policy);
  if (typeof deadLetterTargetArn !== 'string') {
    throw refuse('Redrive policy does not contain mandatory attribute: deadLetterTargetArn');
  }
  if (maxReceiveCount === undefined) {
    throw refuse('Redrive policy does not contain mandatory attribute: maxReceiveCount');
  }
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw refuse(`Redrive policy contains unknown attribute: ${unknown}`);
  const count = Number(maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > MOST_RECEIVES) {
    throw refuse(
      `Invalid value for maxReceiveCount: ${JSON.stringify(maxReceiveCount)}, valid values are from 1 to 1000 both inclusive`,
    );
  }
  return { deadLetterArn: deadLetterTargetArn, maxReceiveCount: count };
}

function parseAllowance(allowance: string): { permission: string; sources: readonly unknown[] } {
  const refuse = (reason: string): Error =>
    invalid(`Value ${allowance} for parameter RedriveAllowPolicy is invalid. Reason: ${reason}.`);
  const { redrivePermission, sourceQueueArns } = jsonIn('RedriveAllowPolicy', allowance);
  if (redrivePermission === 'byQueue') {
    if (
      !Array.isArray(sourceQueueArns) ||
      sourceQueueArns.length === 0 ||
      sourceQueueArns.length > MOST_SOURCES
    ) {
      throw refuse('byQueue needs 1 to 10 sourceQueueArns');
    }
    return { permission: redrivePermission, sources: sourceQueueArns };
  }
  if (redrivePermission !== 'allowAll' && redrivePermission !== 'denyAll') {
    throw refuse('redrivePermission must be allowAll, denyAll or byQueue');
  }
  if (sourceQueueArns !== undefined) throw refuse('sourceQueueArns goes with byQueue only');
  return { permission: redrivePermission, sources: [] };
}
