import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';

import { lambdaContext } from './context.ts';
import { httpEvent } from './http/event.ts';
import { invoke } from './invoke.ts';
import { frozen } from './unchanged.ts';

interface Order {
  id: string;
  lines: { sku: string; count: number }[];
  at: Date;
  data: Uint8Array;
  note: string | undefined;
}

const order = (): Order => ({
  id: 'o1',
  lines: [{ sku: 'lamp', count: 1 }],
  at: new Date(5),
  data: new Uint8Array(1),
  note: undefined,
});

async function renameLate(event: Order): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1));
  event.id = 'o2';
}

async function addHeader(event: { headers: Record<string, string> }): Promise<void> {
  event.headers['x-a'] = '1';
}

async function all(...given: unknown[]): Promise<unknown[]> {
  return given;
}

async function requestId(_event: unknown, context: Context): Promise<string> {
  return context.awsRequestId;
}

describe('A7 invoke names what a handler changed in its event', () => {
  it.each<[string, (event: Order) => unknown]>([
    ['event.id', (event) => (event.id = 'o2')],
    ['event.lines[0].count', (event) => event.lines.forEach((line) => line.count++)],
    ['event.lines[1]', (event) => event.lines.push({ sku: 'bulb', count: 2 })],
    ['event.lines[0]', (event) => event.lines.pop()],
    ['event.lines', (event) => Object.assign(event, { lines: { 0: event.lines[0] } })],
    ['event.lines', (event) => Object.assign(event, { lines: null })],
    ['event.id', (event) => Reflect.deleteProperty(event, 'id')],
    ['event.note', (event) => Reflect.deleteProperty(event, 'note')],
    ['event["x-new"]', (event) => Object.assign(event, { 'x-new': undefined })],
    ['event.at', (event) => Object.assign(event, { at: '5' })],
    ['event.at', (event) => event.at.setTime(1)],
    ['event.data[0]', (event) => event.data.fill(1)],
  ])('%s', async (path, change) => {
    await expect(invoke((given: Order) => change(given), order())).rejects.toThrow(`: ${path} is not`);
  });

  it('also when the handler throws, with its error as the cause', async () => {
    const failure = new Error('sold out');
    const handler = async (event: Order): Promise<never> => {
      event.id = 'o2';
      throw failure;
    };
    await expect(invoke(handler, order())).rejects.toMatchObject({ cause: failure });
  });

  it('also when it is changed late', async () => {
    await expect(invoke(renameLate, order())).rejects.toThrow('event.id is not');
  });
});

describe('invoke', () => {
  it('throws what the handler throws, whatever that is', async () => {
    const failure = new TypeError('no');
    await expect(invoke(() => Promise.reject(failure), order())).rejects.toBe(failure);
    await expect(invoke(() => Promise.reject(undefined as unknown), order())).rejects.toBeUndefined();
    await expect(
      invoke(() => {
        throw failure;
      }, order()),
    ).rejects.toBe(failure);
  });

  it('gives the handler the event itself and the context, and no callback', async () => {
    const event = order();
    const context = lambdaContext();
    const given = await invoke(all, event, context);
    expect(given).toHaveLength(2);
    expect(given[0]).toBe(event);
    expect(given[1]).toBe(context);
  });

  it('makes a new context for each invocation', async () => {
    expect(await invoke(requestId, {})).not.toBe(await invoke(requestId, {}));
  });

  it.each([undefined, null, 'text', 7, []])('takes the event %j', async (event) => {
    expect(await invoke((given: unknown) => given, event)).toBe(event);
  });
});

describe('A7 frozen', () => {
  it('makes the line that writes throw, at any depth', async () => {
    await expect(invoke(addHeader, frozen(httpEvent('httpApi')))).rejects.toThrow(TypeError);
  });

  it('copies, and takes bytes', () => {
    const event = order();
    const copy = frozen(event);
    expect(copy).toEqual(event);
    expect(Object.isFrozen(copy.lines[0])).toBe(true);
    expect(Object.isFrozen(event)).toBe(false);
  });
});
