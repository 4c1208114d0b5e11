import type { SendMessageBatchCommand, SendMessageBatchCommandOutput } from '@aws-sdk/client-sqs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { chunksOf } from './chunks.ts';
import { loadSdk, type SqsClient } from './client.ts';
import { bytesOf, MOST_BYTES, type OutgoingMessage } from './outgoing.ts';
import { sendMessages } from './send.ts';

/** What becomes of an entry: taken, refused for good, refused for now, or not mentioned. */
type Fate = 'taken' | 'refused' | 'busy' | 'forgotten';

/** A client with the faults that no real server shows on demand. */
function faulty(fate: (body: string, tries: number) => Fate): {
  client: SqsClient;
  taken: string[];
  requests: string[][];
} {
  const taken: string[] = [];
  const requests: string[][] = [];
  const tries = new Map<string, number>();
  const answer = ({
    input: { Entries = [] },
  }: SendMessageBatchCommand): Partial<SendMessageBatchCommandOutput> => {
    requests.push(Entries.map(({ MessageBody = '' }) => MessageBody));
    const fates = Entries.map(({ Id, MessageBody = '' }) => {
      const tried = (tries.get(MessageBody) ?? 0) + 1;
      tries.set(MessageBody, tried);
      return { Id, MessageBody, fate: fate(MessageBody, tried) };
    });
    taken.push(...fates.filter((entry) => entry.fate === 'taken').map((entry) => entry.MessageBody));
    return {
      Successful: fates
        .filter((entry) => entry.fate === 'taken')
        .map(({ Id, MessageBody }) => ({ Id, MessageId: `id-${MessageBody}`, MD5OfMessageBody: '' })),
      Failed: fates
        .filter((entry) => entry.fate === 'refused' || entry.fate === 'busy')
        .map((entry) => ({ Id: entry.Id, SenderFault: entry.fate === 'refused', Code: entry.fate })),
    };
  };
  const client = { send: async (command: SendMessageBatchCommand) => answer(command) };
  return { client, taken, requests };
}

const message = (body: string, groupId?: string): OutgoingMessage => ({ body, attributes: {}, groupId });
const url = 'http://127.0.0.1/queue';

describe('sendMessages', () => {
  it('sends again what was not taken, and only that', async () => {
    const { client, requests } = faulty((body, tries) =>
      body === 'b' && tries < 3 ? (tries === 1 ? 'busy' : 'forgotten') : 'taken',
    );
    const sent = await sendMessages(
      { queueUrl: url, client },
      ['a', 'b', 'c'].map((body) => message(body)),
    );
    expect(sent).toMatchObject(['a', 'b', 'c'].map((body) => ({ receipt: { messageId: `id-${body}` } })));
    expect(requests).toEqual([['a', 'b', 'c'], ['b'], ['b']]);
  });

  it('gives up on what is refused for good at once, and on what stays busy in the end', async () => {
    const { client, requests } = faulty((body) =>
      body === 'a' ? 'refused' : body === 'b' ? 'busy' : 'taken',
    );
    const sent = await sendMessages(
      { queueUrl: url, client },
      ['a', 'b', 'c'].map((body) => message(body)),
    );
    expect(sent).toMatchObject([
      { error: { name: 'refused' } },
      { error: { name: 'busy' } },
      { receipt: {} },
    ]);
    expect(requests).toEqual([['a', 'b', 'c'], ['b'], ['b'], ['b']]);
  });

  it('tells all of a request that failed as a whole', async () => {
    const client: SqsClient = { send: () => Promise.reject(new Error('no network')) };
    const sent = await sendMessages({ queueUrl: url, client }, [message('a'), message('b')]);
    expect(sent).toMatchObject([{ error: { message: 'no network' } }, { error: { message: 'no network' } }]);
  });

  it('halves requests that are too long for the queue', async () => {
    const taken: string[] = [];
    const send = async ({ input: { Entries = [] } }: SendMessageBatchCommand): Promise<unknown> => {
      if (Entries.length > 2) throw Object.assign(new Error('long'), { name: 'BatchRequestTooLong' });
      taken.push(...Entries.map(({ MessageBody = '' }) => MessageBody));
      return { Successful: Entries.map(({ Id }) => ({ Id, MessageId: 'm' })) };
    };
    const client = { send } as unknown as SqsClient; // only batches are sent
    const bodies = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const sent = await sendMessages(
      { queueUrl: `${url}.fifo`, client },
      bodies.map((body) => message(body, 'g')),
    );
    expect(sent.every((outcome) => 'receipt' in outcome)).toBe(true);
    expect(taken).toEqual(bodies);
  });

  it('FIFO: never changes the order of a group, whatever fails', async () => {
    const fates = fc.array(fc.constantFrom<Fate>('taken', 'taken', 'taken', 'refused', 'forgotten'), {
      minLength: 1,
      maxLength: 4,
    });
    const plan = fc.array(fc.record({ group: fc.constantFrom('a', 'b'), fates }), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(plan, async (messages) => {
        const { client, taken } = faulty(
          (body, tries) => messages[Number(body)]?.fates[tries - 1] ?? 'taken',
        );
        const sent = await sendMessages(
          { queueUrl: `${url}.fifo`, client },
          messages.map(({ group }, index) => message(String(index), group)),
          AbortSignal.abort(), // no second tries, and no pauses before them
        );
        expect(sent).toHaveLength(messages.length);
        // What it says was taken was, what it says was not was not, and each group came in its order.
        const said = sent.flatMap((outcome, index) => ('receipt' in outcome ? [String(index)] : []));
        expect(taken.toSorted()).toEqual(said.toSorted());
        for (const group of ['a', 'b']) {
          const order = taken.map(Number).filter((index) => messages[index]?.group === group);
          expect(order).toEqual(order.toSorted((one, other) => one - other));
        }
      }),
    );
  });

  it('FIFO: sends again what no later message of its group has overtaken, and nothing else', async () => {
    const { client, requests, taken } = faulty((body, tries) =>
      (body === 'a1' || body === 'b2') && tries === 1 ? 'busy' : 'taken',
    );
    const bodies = ['a1', 'b1', 'a2', 'b2', 'c1'];
    const sent = await sendMessages(
      { queueUrl: `${url}.fifo`, client },
      bodies.map((body) => message(body, body.charAt(0))),
    );
    expect(requests).toEqual([bodies, ['b2']]);
    expect(taken).toEqual(['b1', 'a2', 'c1', 'b2']);
    expect(sent.map((outcome) => 'receipt' in outcome)).toEqual([false, true, true, true, true]);
  });

  it('FIFO: after a message that is given up, the rest of its group is not sent; other groups are', async () => {
    const { client, taken } = faulty((body) => (body === 'a0' ? 'refused' : 'taken'));
    const bodies = ['a0', ...Array.from({ length: 9 }, (_, index) => `b${index}`), 'a1', 'b9'];
    const sent = await sendMessages(
      { queueUrl: `${url}.fifo`, client },
      bodies.map((body) => message(body, body.charAt(0))),
    );
    expect(taken).toEqual(bodies.filter((body) => body.startsWith('b')));
    expect(sent[10]).toMatchObject({ error: { message: expect.stringContaining('order would change') } });
  });

  it('FIFO: a message too large for SQS holds up those after it, not those before', async () => {
    const { client, taken } = faulty(() => 'taken');
    const messages = [
      message('a0', 'a'),
      message('x'.repeat(MOST_BYTES + 1), 'a'),
      message('a2', 'a'),
      message('b0', 'b'),
    ];
    const sent = await sendMessages({ queueUrl: `${url}.fifo`, client }, messages);
    expect(taken).toEqual(['a0', 'b0']);
    expect(sent[1]).toMatchObject({ error: { message: expect.stringContaining('1048577 bytes') } });
  });
});

describe('chunksOf', () => {
  it('makes requests of ten and 1 MiB at most, in order, with all that fits', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: MOST_BYTES + 10 }), { maxLength: 40 });
    fc.assert(
      fc.property(sizes, (lengths) => {
        const messages = lengths.map((length) => message('x'.repeat(length)));
        const chunks = chunksOf(messages);
        for (const chunk of chunks) {
          expect(chunk.length).toBeLessThanOrEqual(10);
          const bytes = chunk.map((index) => bytesOf(messages[index] ?? message('')));
          expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(MOST_BYTES);
        }
        const fitting = lengths.flatMap((length, index) => (length <= MOST_BYTES ? [index] : []));
        expect(chunks.flat()).toEqual(fitting);
      }),
      { numRuns: 20 },
    );
  });

  it('counts bytes, not characters, and attributes', () => {
    const attributes = {
      é: { DataType: 'String', StringValue: 'ü' },
      b: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2, 3) },
    };
    expect(bytesOf({ body: 'ä', attributes })).toBe(2 + (2 + 6 + 2) + (1 + 6 + 3));
  });
});

describe('the SDK', () => {
  it('that is not installed is asked for by name', async () => {
    const missing = new Error("Cannot find package '@aws-sdk/client-sqs'");
    await expect(loadSdk(() => Promise.reject(missing))).rejects.toMatchObject({
      message: expect.stringContaining('npm install @aws-sdk/client-sqs'),
      cause: missing,
    });
  });
});
