/**
 * Why a message is in quarantine, as message attributes.
 *
 * @module
 */
import type { SQSMessageAttributes } from 'aws-lambda';

import { attributesOf, MOST_ATTRIBUTES, type OutgoingAttribute, safeText } from './outgoing.ts';

/** Why and whence a message came into quarantine. */
export interface QuarantineReason {
  /** What `permanent(…)` or the schema said, cut at 1,024 characters. */
  readonly reason: string;
  /** ARN of the queue it came from. */
  readonly source: string;
  /** Its id there. */
  readonly messageId: string;
  /** How often it had been received there. */
  readonly attempts: number;
  /** When it was put into quarantine. */
  readonly time: Date;
}

type Attributes = Readonly<Record<string, OutgoingAttribute>>;

const MOST_REASON = 1024;
const NAMES = {
  reason: 'QuarantineReason',
  source: 'QuarantineSource',
  messageId: 'QuarantineMessageId',
  attempts: 'QuarantineAttempts',
  time: 'QuarantineTime',
} as const;
/** Holds all of the above as JSON, where the message leaves no room for five attributes. */
const PACKED = 'Quarantine';

/** The packed form. `moved` are attributes of the message itself that had to give up their place. */
interface Packed {
  readonly reason: string;
  readonly source: string;
  readonly messageId: string;
  readonly attempts: number;
  readonly time: string;
  readonly moved?: Readonly<
    Record<string, { readonly type: string; readonly text?: string; readonly base64?: string }>
  >;
}

/** The attributes of a message with the reason among them, ten at most. */
export function withReason(attributes: Attributes, why: QuarantineReason): Attributes {
  const own = withoutReason(attributes);
  const reason = safeText(why.reason, MOST_REASON);
  const time = why.time.toISOString();
  if (Object.keys(own).length + Object.keys(NAMES).length <= MOST_ATTRIBUTES) {
    return {
      ...own,
      [NAMES.reason]: text(reason),
      [NAMES.source]: text(why.source),
      [NAMES.messageId]: text(why.messageId),
      [NAMES.attempts]: { DataType: 'Number', StringValue: String(why.attempts) },
      [NAMES.time]: text(time),
    };
  }
  const entries = Object.entries(own);
  const stay = entries.slice(0, MOST_ATTRIBUTES - 1);
  const moved = entries.slice(MOST_ATTRIBUTES - 1);
  const packed: Packed = {
    reason,
    source: why.source,
    messageId: why.messageId,
    attempts: why.attempts,
    time,
    ...(moved.length === 0
      ? {}
      : { moved: Object.fromEntries(moved.map(([name, value]) => [name, put(value)])) }),
  };
  return { ...Object.fromEntries(stay), [PACKED]: text(JSON.stringify(packed)) };
}

/** Takes the reason off a message: why it is there, and the attributes it had before. */
export function takenApart(attributes: SQSMessageAttributes | undefined): {
  readonly reason: QuarantineReason | undefined;
  readonly attributes: Record<string, OutgoingAttribute>;
} {
  const own = withoutReason(attributesOf(attributes));
  const packed = packedOf(attributes?.[PACKED]?.stringValue);
  if (packed !== undefined) {
    const moved = Object.entries(packed.moved ?? {}).map(([name, value]) => [name, take(value)] as const);
    return {
      reason: { ...picked(packed), time: new Date(packed.time) },
      attributes: { ...own, ...Object.fromEntries(moved) },
    };
  }
  const value = (name: keyof typeof NAMES): string | undefined => attributes?.[NAMES[name]]?.stringValue;
  const reason = value('reason');
  if (reason === undefined) return { reason: undefined, attributes: own };
  return {
    reason: {
      reason,
      source: value('source') ?? '',
      messageId: value('messageId') ?? '',
      attempts: Number(value('attempts') ?? Number.NaN),
      time: new Date(value('time') ?? Number.NaN),
    },
    attributes: own,
  };
}

function withoutReason(attributes: Attributes): Record<string, OutgoingAttribute> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !isOurs(name)));
}

function isOurs(name: string): boolean {
  return name === PACKED || (Object.values(NAMES) as readonly string[]).includes(name);
}

function packedOf(json: string | undefined): Packed | undefined {
  if (json === undefined) return undefined;
  try {
    const value = JSON.parse(json) as Partial<Packed> | null; // looked at in the next line
    return typeof value?.reason === 'string' ? (value as Packed) : undefined;
  } catch {
    return undefined; // an attribute of the same name that is not ours
  }
}

function picked({ reason, source, messageId, attempts }: Packed): Omit<QuarantineReason, 'time'> {
  return { reason, source, messageId, attempts };
}

function text(value: string): OutgoingAttribute {
  return { DataType: 'String', StringValue: value === '' ? '-' : value };
}

function put({
  DataType,
  StringValue,
  BinaryValue,
}: OutgoingAttribute): NonNullable<Packed['moved']>[string] {
  return BinaryValue === undefined
    ? { type: DataType, text: StringValue ?? '' }
    : { type: DataType, base64: Buffer.from(BinaryValue).toString('base64') };
}

function take({ type, text: value, base64 }: NonNullable<Packed['moved']>[string]): OutgoingAttribute {
  return base64 === undefined
    ? { DataType: type, StringValue: value ?? '' }
    : { DataType: type, BinaryValue: Buffer.from(base64, 'base64') };
}
