import { describe, expect, test } from 'vitest';

import { systemClock } from '../clock/clock.ts';
import type { FunctionResult, LocalFunction } from '../function/function.ts';
import type { AppFunction } from '../template/app.ts';
import { invoker } from './invoker.ts';
import type { JournalChange } from './journal.ts';
import { memoryJournal } from './memory.ts';
import { invocationTraces } from './traces.ts';

const done: FunctionResult = { ok: true, payload: '"ok"', duration: 1, memoryUsed: 1 };
const start = {
  requestId: 'r0',
  function: 'F',
  trigger: { type: 's3', id: 'Upload', summary: 'x' },
  event: '{}',
  attempt: 1,
  causes: [],
};

function localFunction(id: string, run: (trace: string) => void = () => {}): LocalFunction {
  return {
    declared: { id } as AppFunction, // nothing else of it is looked at
    invoke: async ({ trace, onLog }) => {
      onLog?.({ time: 1, stream: 'stdout', text: 'hello' });
      run(trace);
      return done;
    },
    reload() {},
    close: async () => {},
  };
}

describe('the journal', () => {
  test('has every invocation with its lines and its result, and tells who follows', async () => {
    const journal = memoryJournal({ now: () => 5 });
    const changes: JournalChange['change'][] = [];
    const leave = journal.follow(({ change }) => changes.push(change));
    const { invoke } = invoker(
      new Map([['F', localFunction('F')]]),
      journal,
      invocationTraces(() => 0),
      systemClock,
    );
    const { requestId } = await invoke({ ...start, event: { n: 1 }, traces: [] });
    leave();
    journal.note({ time: 1, kind: 'warning', text: 'w', causes: [] });
    expect(changes).toEqual(['begin', 'log', 'end']);
    expect(journal.entry(requestId)).toMatchObject({
      function: 'F',
      event: '{"n":1}',
      startedAt: 5,
      logs: [{ text: 'hello' }],
      result: done,
    });
    expect(journal.notes()).toHaveLength(1);
  });

  test('knows which invocation caused which', async () => {
    const journal = memoryJournal({ now: () => 5 });
    let trace = '';
    const functions = new Map([['F', localFunction('F', (header) => (trace = header))]]);
    const { invoke, forGateway } = invoker(
      functions,
      journal,
      invocationTraces(() => 0),
      systemClock,
    );
    const first = await invoke({ ...start, event: {}, traces: [] });
    const second = await invoke({ ...start, event: {}, traces: [trace, trace, 'Root=unknown'] });
    expect(journal.entry(second.requestId)?.causes).toEqual([first.requestId]);
    await forGateway('Api')({ function: 'F', event: '{}', trace, summary: 'GET /' });
    expect(journal.entries().at(-1)?.causes).toEqual([second.requestId]);
  });

  test('an invocation of a function that is not there is a result, not a crash', async () => {
    const journal = memoryJournal({ now: () => 5 });
    const { invoke } = invoker(
      new Map(),
      journal,
      invocationTraces(() => 0),
      systemClock,
    );
    expect(await invoke({ ...start, event: {}, traces: [] })).toMatchObject({ ok: false, reason: 'init' });
  });

  test('is bounded: many invocations, many lines, large events', () => {
    const journal = memoryJournal({ now: () => 5 });
    for (let index = 0; index < 1_100; index += 1) journal.begin({ ...start, requestId: String(index) });
    expect(journal.entries()).toHaveLength(1_000);
    expect(journal.entry('0')).toBeUndefined();
    for (let index = 0; index < 1_100; index += 1)
      journal.log('1099', { time: 1, stream: 'stdout', text: 'x' });
    expect(journal.entry('1099')?.logs).toHaveLength(1_000);
    journal.begin({ ...start, event: 'x'.repeat(1_000_000) });
    expect(journal.entry('r0')?.event.length).toBeLessThan(300_000);
  });

  test('is bounded in all, and forgets what still runs last', () => {
    const journal = memoryJournal({ now: () => 5 });
    journal.begin({ ...start, requestId: 'running' });
    for (let index = 0; index < 1_000; index += 1) {
      const requestId = String(index);
      journal.begin({ ...start, requestId, event: 'e'.repeat(300_000) });
      journal.end(requestId, { ...done, payload: 'a'.repeat(300_000) });
    }
    const kept = journal.entries();
    expect(kept[0]?.requestId).toBe('running');
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.length).toBeLessThan(140);
    expect(kept.at(-1)?.requestId).toBe('999');
  });

  test('says that lines are left out, and keeps no more of streamed bytes than of text', () => {
    const journal = memoryJournal({ now: () => 5 });
    journal.begin(start);
    for (let index = 0; index < 1_100; index += 1)
      journal.log('r0', { time: 1, stream: 'stdout', text: 'x' });
    expect(journal.entry('r0')?.logs.at(-1)).toMatchObject({
      text: 'More than 1000 lines of output: the rest is left out',
      truncated: true,
    });
    journal.end('r0', { ...done, payload: Buffer.alloc(1_000_000) });
    expect(journal.entry('r0')?.result).toMatchObject({
      payload: expect.objectContaining({ length: 262_144 }),
    });
  });
});
