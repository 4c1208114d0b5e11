/**
 * An invocation: what it sends at each step, and what it does with the answer.
 *
 * @module
 */
import { end, endingsOf, finish } from './ending.ts';
import { FIRST_BLOB, type Names } from './names.ts';
import type { Kind, Settings } from './options.ts';
import { pack, type Reply, type Request, type Services } from './services.ts';
import { writerOf, type State, type Writer, type WriterStep } from './state.ts';
import { uploaderOf } from './upload.ts';

export interface Invoker {
  /** W1, and B1's read: what it does first. */
  start(state: State, invocation: number): void;
  /** What it sends next; `undefined` where it reads or has nothing to do. */
  request(state: State, invocation: number): Request | undefined;
  /** Goes on with the answer to its request. */
  receive(state: State, invocation: number, reply: Reply): void;
  /** A step that only reads. Says what was found. */
  read(state: State, invocation: number): string;
  /** Takes a missing answer for the end of it. */
  giveUp(state: State, invocation: number): void;
  /** The S3 event about a blob arrives (B4). */
  notify(state: State, invocation: number, blob: number): void;
}

type Reading = 'W1 row' | 'W1 again' | 'W2c HEAD' | 'B3' | 'B4';
/** Steps that send something; each is named as its request. */
type Sending = Exclude<WriterStep, Reading | 'idle' | 'over'>;

const reading: ReadonlySet<WriterStep> = new Set<Reading>(['W1 row', 'W1 again', 'W2c HEAD', 'B3', 'B4']);

export function isRead(step: WriterStep): step is Reading {
  return reading.has(step);
}

function isSending(step: WriterStep): step is Sending {
  return step !== 'idle' && step !== 'over' && !isRead(step);
}

export function invokerOf(names: Names, settings: Settings, services: Services): Invoker {
  const endings = endingsOf(names, settings, services);
  const uploader = uploaderOf(names, services, endings);
  const kindOf = (invocation: number): Kind => names.invocations[invocation]?.kind ?? 'create';
  const changesRow = (invocation: number): boolean =>
    kindOf(invocation) === 'replace' || kindOf(invocation) === 'remove';
  const isMine = (invocation: number, { by }: { readonly by: number }): boolean =>
    by !== 0 && services.keyOf(by) === names.keyOf[invocation];

  function start(state: State, invocation: number): void {
    const writer = writerOf(state, invocation);
    const record = services.recordOf(state, invocation);
    const row = services.rowOf(state, invocation, 0);
    const looks = settings.probe && !settings.lease; // L1 answers what W1 would
    if (kindOf(invocation) === 'upload') uploader.begin(state, invocation);
    else if (looks && record.state === 'C') endings.replay(state, invocation, record);
    else if (looks && !settings.records && isMine(invocation, row)) endings.replay(state, invocation, row);
    else if (settings.lease) writer.step = 'L1';
    else stage(state, invocation, settings.probe ? record.generation : 0);
  }

  /** W2 next; or the row first, where one is to be changed; or W3, where there is nothing to stage. */
  function stage(state: State, invocation: number, generation: number): void {
    const writer = writerOf(state, invocation);
    if (generation > names.generations) {
      end(writer, '503');
      return;
    }
    writer.generation = generation;
    writer.blob = kindOf(invocation) === 'remove' ? 0 : names.blobFor(invocation, state.day, generation);
    writer.parts = 0;
    if (changesRow(invocation) && writer.expected === 0) writer.step = 'W1 row';
    else if (writer.blob === 0) writer.step = 'W3';
    else writer.step = settings.parts > 0 ? 'W2a' : 'W2';
  }

  /** The row as it is now: to be changed, or changed already by this write, or not what the caller expects. */
  function meetRow(
    state: State,
    invocation: number,
    row: { readonly blob: number; readonly by: number },
  ): string {
    const writer = writerOf(state, invocation);
    if (settings.rowAnswers && isMine(invocation, row)) {
      endings.replay(state, invocation, row);
      return 'made by this very write';
    }
    if (row.by === 0 || (settings.expecting && row.blob !== FIRST_BLOB)) {
      writer.step = 'W1 again';
      return row.by === 0 ? 'no row' : 'not the row expected';
    }
    writer.expected = row.blob;
    return 'there';
  }

  const afterwards: Record<
    Sending,
    (state: State, invocation: number, reply: Reply, writer: Writer) => void
  > = {
    L1: (state, invocation, reply, writer) => {
      if (reply.kind === 'claimed') stage(state, invocation, reply.generation);
      else end(writer, '409');
    },
    W2: (_state, _invocation, _reply, writer) => {
      writer.step = 'W3'; // stored, or there already
    },
    W2a: (_state, _invocation, _reply, writer) => {
      writer.step = 'W2b';
    },
    W2b: (_state, _invocation, reply, writer) => {
      if (reply.kind !== 'ok') end(writer, '503');
      else if (++writer.parts === settings.parts) writer.step = 'W2c';
    },
    W2c: (_state, _invocation, reply, writer) => {
      writer.step = reply.kind === 'ok' ? 'W3' : 'W2c HEAD';
    },
    W2d: over,
    W3: afterCommit,
    W4: over,
    untag: over,
    B1: (state, invocation, reply, writer) => {
      if (reply.kind === 'ok') writer.step = 'B2';
      else if (reply.kind === 'fenced') uploader.begin(state, invocation);
      else end(writer, '422');
    },
    B2: (state, invocation) => uploader.complete(state, invocation),
  };

  function afterCommit(state: State, invocation: number, reply: Reply, writer: Writer): void {
    const kind = kindOf(invocation);
    if (reply.kind === 'ok') {
      writer.result = 'ok';
      writer.response = writer.blob;
      if (settings.pendingTag && writer.blob !== 0) writer.step = 'untag';
      else finish(writer);
    } else if (reply.kind === 'fenced') {
      if (kind === 'upload' || kind === 'event') end(writer, '410');
      else stage(state, invocation, reply.generation);
    } else if (reply.kind === 'row is there') {
      // Changed since it was read: the same again for the row as it is now. What was staged is as good for it.
      if (changesRow(invocation)) meetRow(state, invocation, reply);
      else if (isMine(invocation, reply)) endings.replay(state, invocation, reply);
      else endings.conflict(writer, '409');
    } else writer.step = 'W1 again';
  }

  const reads: Record<Reading, (state: State, invocation: number, writer: Writer) => string> = {
    'W1 row': (state, invocation, writer) => {
      const found = meetRow(state, invocation, services.rowOf(state, invocation, 0));
      if (writer.step === 'W1 row' && writer.expected !== 0) stage(state, invocation, writer.generation);
      return found;
    },
    // The row may be gone or changed because another attempt at this very write was faster.
    'W1 again': (state, invocation, writer) => {
      const record = services.recordOf(state, invocation);
      if (record.state === 'C') endings.replay(state, invocation, record);
      else endings.conflict(writer, '404');
      return record.state === 'C' ? 'committed' : 'not committed';
    },
    'W2c HEAD': (state, invocation, writer) => head(state, invocation, writer, '503'),
    B3: (state, invocation, writer) => head(state, invocation, writer, '404'),
    B4: (state, invocation) => uploader.look(state, invocation),
  };

  function head(state: State, invocation: number, writer: Writer, otherwise: '404' | '503'): string {
    const found = state.bucket[writer.blob] === names.payloadOf[invocation];
    if (found) writer.step = 'W3';
    else end(writer, otherwise);
    return found ? 'found' : 'not there';
  }

  return {
    start,
    request: (state, invocation) => {
      const { step, blob, generation, expected } = writerOf(state, invocation);
      return isSending(step) ? { operation: step, invocation, blob, generation, expected } : undefined;
    },
    receive: (state, invocation, reply) => {
      const writer = writerOf(state, invocation);
      if (reply.kind === 'committed') endings.replay(state, invocation, reply);
      else if (isSending(writer.step)) afterwards[writer.step](state, invocation, reply, writer);
    },
    read: (state, invocation) => {
      const writer = writerOf(state, invocation);
      return isRead(writer.step) ? reads[writer.step](state, invocation, writer) : 'nothing to read';
    },
    giveUp: (state, invocation) => {
      const writer = writerOf(state, invocation);
      if (writer.step === 'W4' || writer.step === 'untag') finish(writer);
      else if (writer.step === 'W2b') {
        writer.result = '503';
        writer.step = 'W2d';
      } else if (writer.step === 'W3') endings.unknown(writer);
      else end(writer, '503');
    },
    notify: (state, invocation, blob) => uploader.notify(state, invocation, blob),
  };
}

/** After W2d, W4 and the tag: whatever came of it. */
function over(_state: State, _invocation: number, _reply: Reply, writer: Writer): void {
  finish(writer);
}

/** The request as it travels: interchangeable invocations send the same. */
export function wordOf(request: Request, names: Names): number {
  const { invocation } = request;
  return pack({
    ...request,
    invocation: names.interchangeable ? (names.alike[invocation] ?? 0) : invocation,
  });
}
