import { sqsEvent } from '@handlersmith/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { attributesOf, safeJson, safeText } from './outgoing.ts';
import { takenApart, withReason } from './reason.ts';

const why = {
  reason: 'sold out',
  source: 'arn:aws:sqs:eu-west-1:123456789012:orders',
  messageId: 'm1',
  attempts: 2,
  time: new Date('2026-01-02T03:04:05.678Z'),
};

const value = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.integer(),
  fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes)),
);
const attributes = fc.dictionary(fc.stringMatching(/^[A-Za-z_]{1,12}$/), value, { maxKeys: 10 });

/** What went out, as it comes in again. */
function arrived(sent: ReturnType<typeof withReason>): Parameters<typeof takenApart>[0] {
  return sqsEvent([
    {
      attributes: Object.fromEntries(
        Object.entries(sent).map(([name, { DataType, StringValue, BinaryValue }]) => [
          name,
          { type: DataType, value: BinaryValue ?? StringValue ?? '' },
        ]),
      ),
    },
  ]).Records[0]?.messageAttributes;
}

describe('a reason', () => {
  it('Q3 fits into ten attributes with any others, and comes off without a trace', () => {
    fc.assert(
      fc.property(attributes, (own) => {
        const original = attributesOf(sqsEvent([{ attributes: own }]).Records[0]?.messageAttributes);
        const sent = withReason(original, why);
        expect(Object.keys(sent).length).toBeLessThanOrEqual(10);
        expect(takenApart(arrived(sent))).toEqual({ reason: why, attributes: original });
        // Once more in quarantine: the newer reason stands, and none is there twice.
        const again = withReason(sent, { ...why, reason: 'again' });
        expect(Object.keys(again).length).toBeLessThanOrEqual(10);
        expect(takenApart(arrived(again)).reason?.reason).toBe('again');
      }),
    );
  });

  it('Q3 is bounded', () => {
    const sent = withReason({}, { ...why, reason: 'x'.repeat(100_000) });
    expect(sent['QuarantineReason']?.StringValue).toHaveLength(1024);
    expect(withReason({}, { ...why, reason: '' })['QuarantineReason']?.StringValue).toBe('-');
  });

  it('is none where another redrive policy moved the message, or an attribute only has its name', () => {
    expect(takenApart(undefined)).toEqual({ reason: undefined, attributes: {} });
    const odd = sqsEvent([{ attributes: { Quarantine: 'yes' } }]).Records[0]?.messageAttributes;
    expect(takenApart(odd).reason).toBeUndefined();
  });
});

describe('texts that SQS takes', () => {
  const allowed = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]+$/u;
  const any = fc.string({ unit: 'binary' });
  const units = fc.array(fc.integer({ min: 0, max: 0xff_ff })).map((codes) => String.fromCharCode(...codes));

  it('attribute values hold nothing it refuses, halves of characters included', () => {
    fc.assert(
      fc.property(fc.oneof(any, units), fc.integer({ min: 1, max: 50 }), (text, most) => {
        const safe = safeText(text, most);
        expect(safe).toMatch(allowed);
        expect(safe.length).toBeLessThanOrEqual(Math.max(most, 1));
      }),
    );
  });

  it('JSON holds nothing it refuses, and says the same', () => {
    fc.assert(
      fc.property(fc.oneof(any, units), (text) => {
        const json = safeJson({ text, '\u{ffff}': 1 }) ?? '';
        expect(json).toMatch(allowed);
        expect(JSON.parse(json)).toEqual({ text, '\u{ffff}': 1 });
      }),
    );
  });
});
