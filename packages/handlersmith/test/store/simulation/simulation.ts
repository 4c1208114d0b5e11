/**
 * One world in which requests meet faults, in an order that somebody directs.
 *
 * Every request of the SDK is a point at which its task is parked. Once all that are at work are parked, the director
 * says who goes on, and what their request meets. One request is under way at a time: a run is what its director makes
 * of it, and the same director makes the same run.
 *
 * @module
 */
import { createHash } from 'node:crypto';

import type { Fault } from './faults.ts';
import { currentTask, type Outcome, type SimulatedRequest, type Task } from './task.ts';

/** Decides what comes next. */
export interface Director {
  /** Who goes on: an index into those that wait, followed by what is postponed. */
  choose(waiting: readonly Parked[], postponed: readonly Postponed[]): number;
  /** What a request meets. */
  fault(request: SimulatedRequest, simulation: Simulation): Fault | undefined;
}

/** A task that waits for its turn. */
export interface Parked {
  readonly task: Task;
  readonly what: string;
  readonly goOn: () => void;
}

/** Something that comes later: a request still on its way, or a frozen task. */
export interface Postponed {
  readonly what: string;
  /** Told of each request that was answered; true once it is time. A director may be earlier, or later. */
  readonly isDue: (answered: SimulatedRequest) => boolean;
  due: boolean;
  readonly happen: () => Promise<string>;
}

/** Milliseconds for which a service takes a signature. */
const SIGNATURE_MS: number = 15 * 60_000;

/** Simulated milliseconds that each request takes. */
const STEP_MS = 7;

/** The end of a blob's key: some digits of its checksum are enough to know it by. */
const BLOB_KEY = /(\.[0-9a-f]{6})[0-9a-f]{58}~[\w-]+/g;

export class Simulation {
  /** What happened, line by line. */
  readonly trace: string[] = [];
  /** How often each fault was met. */
  readonly faults: Map<string, number> = new Map<string, number>();
  /** Names as they stand in requests, and what traces call them. */
  readonly aliases: Map<string, string> = new Map<string, string>();
  /** Requests that were directed. */
  requests = 0;
  /** In a calm one, requests meet nothing. */
  calm = false;
  readonly #director: Director;
  readonly #parked: Parked[] = [];
  readonly #postponed: Postponed[] = [];
  /** Told when the director fails. */
  readonly #failing: ((error: unknown) => void)[] = [];
  /** Told when no task is at work. */
  readonly #atRest: (() => void)[] = [];
  /** What frozen tasks had waiting. */
  readonly #frozen: Map<Task, Parked[]> = new Map<Task, Parked[]>();
  #now: number;
  #live = 0;
  #tasks = 0;
  #busy = false;
  #pumping = false;

  /** @param startsAt - milliseconds since 1970 */
  constructor(director: Director, startsAt: number) {
    this.#director = director;
    this.#now = startsAt;
  }

  /** Simulated milliseconds since 1970. */
  readonly now = (): number => this.#now;

  /** Lets time pass. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Short and the same for equal traces. */
  get hash(): string {
    return createHash('sha256').update(this.trace.join('\n')).digest('hex').slice(0, 16);
  }

  /**
   * Runs a task. Its caller hears of it when it is done or has failed, or that nothing will be heard.
   *
   * @param settled - told how it really ended, even when its caller heard nothing: a frozen task thaws
   */
  run<Value>(
    name: string,
    work: (task: Task) => Promise<Value>,
    settled?: (outcome: Outcome<Value>) => void,
  ): Promise<Outcome<Value>> {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome<Value>>();
    this.#failing.push(reject);
    const task: Task = {
      simulation: this,
      name,
      number: (this.#tasks += 1),
      controller: new AbortController(),
      remaining: 60_000,
      over: false,
      fallSilent: () => resolve({ kind: 'silent' }),
    };
    const end = (outcome: Outcome<Value>): void => {
      if (task.over) return;
      this.end(task);
      settled?.(outcome);
      resolve(outcome);
    };
    this.#live += 1;
    void currentTask.run(task, async () => {
      await this.#park(task, 'begins');
      try {
        end({ kind: 'done', value: await work(task) });
      } catch (error) {
        end({ kind: 'failed', error });
      }
    });
    return promise;
  }

  /** Ends a task where it stands. */
  end(task: Task): void {
    task.over = true;
    this.#takeParked(task);
    this.#leave();
    this.#pump();
  }

  /** Lets a request wait for its turn, then meet what it meets. */
  async direct(request: Omit<SimulatedRequest, 'signedAt' | 'target'>): Promise<unknown> {
    const signed = { ...request, signedAt: this.#now, target: this.#targetOf(request.input) };
    const what = `${signed.command} ${signed.target}`;
    await this.#park(request.task, what);
    this.requests += 1;
    const fault = this.calm ? undefined : this.#director.fault(signed, this);
    try {
      if (fault === undefined) return await this.send(signed);
      this.note(`  ! ${fault.name}`);
      this.faults.set(fault.name, (this.faults.get(fault.name) ?? 0) + 1);
      return await fault.meet(signed, this);
    } catch (error) {
      this.note(`  ${error instanceof Error ? error.name : String(error)}`);
      throw error;
    } finally {
      for (const postponed of this.#postponed) postponed.due ||= postponed.isDue(signed);
      this.#busy = false;
      this.#pump();
    }
  }

  /** Lets a request reach its service, which takes no signature that is too old. */
  send(request: SimulatedRequest): Promise<unknown> {
    if (this.#now - request.signedAt > SIGNATURE_MS) {
      const expired = Object.assign(new Error('Signature expired'), {
        name: request.service === 's3' ? 'RequestTimeTooSkewed' : 'InvalidSignatureException',
        $fault: 'client',
        $metadata: { httpStatusCode: 403 },
      });
      return Promise.reject(expired);
    }
    return request.send();
  }

  /** Puts something off. */
  postpone(postponed: Omit<Postponed, 'due'>): void {
    this.#postponed.push({ ...postponed, due: false });
  }

  /** Takes a task out of those that are at work, until it is thawed. */
  freeze(task: Task, what: string, isDue: Postponed['isDue']): Promise<void> {
    this.#frozen.set(task, this.#takeParked(task));
    task.fallSilent();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.postpone({
      what: `${task.name} thaws`,
      isDue,
      happen: () => {
        this.#live += 1;
        this.#parked.push(
          { task, what: `${what}, thawed`, goOn: resolve },
          ...(this.#frozen.get(task) ?? []),
        );
        this.#frozen.delete(task);
        return Promise.resolve('');
      },
    });
    this.#busy = false;
    this.#leave();
    this.#pump();
    return promise;
  }

  /** Lets everything happen that is still to come. */
  async settle(): Promise<void> {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      if (this.#live > 0) await new Promise<void>((resolve) => this.#atRest.push(resolve));
      const next = this.#postponed.shift();
      if (next === undefined && this.#live === 0) return;
      // oxlint-disable-next-line no-await-in-loop -- as above
      if (next !== undefined) await this.#happen(next);
      this.#pump();
    }
  }

  note(line: string): void {
    let text = line;
    for (const [name, alias] of this.aliases) text = text.replaceAll(name, alias);
    this.trace.push(text.replace(BLOB_KEY, '$1'));
  }

  #targetOf(input: SimulatedRequest['input']): string {
    const { Key: key, Bucket: bucket, Prefix: prefix, TransactItems: items } = input;
    if (bucket !== undefined) return (key ?? prefix ?? '') as string; // of every request to S3
    if (Array.isArray(items)) return `${items.length} items`;
    const item = (key ?? input['Item'] ?? input['ExpressionAttributeValues'] ?? {}) as Record<
      string,
      { S?: string }
    >; // of an item, as the API has it
    const parts = ['pk', 'id', ':list'].flatMap((name) => item[name]?.S ?? []);
    return `${String(input['TableName'])} ${parts.join(' ')}`;
  }

  #park(task: Task, what: string): Promise<void> {
    return new Promise((goOn) => {
      if (task.over) return;
      (this.#frozen.get(task) ?? this.#parked).push({ task, what, goOn });
      this.#pump();
    });
  }

  #leave(): void {
    this.#live -= 1;
    if (this.#live === 0) for (const told of this.#atRest.splice(0)) told();
  }

  #takeParked(task: Task): Parked[] {
    const taken = this.#parked.filter((parked) => parked.task === task);
    for (const parked of taken) this.#parked.splice(this.#parked.indexOf(parked), 1);
    return taken;
  }

  /** Goes on once nothing moves. Two turns of the loop: a task may send several requests at a time. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setImmediate(() =>
      setImmediate(() => {
        this.#pumping = false;
        this.#next().catch((error: unknown) => this.#fail(error));
      }),
    );
  }

  async #next(): Promise<void> {
    if (this.#busy || this.#live === 0) return;
    const atRest = new Set(this.#parked.map(({ task }) => task));
    if (atRest.size < this.#live) return;
    this.#parked.sort((one, other) => one.task.number - other.task.number);
    const index = this.#director.choose(this.#parked, this.#postponed);
    this.#now += STEP_MS;
    if (index < this.#parked.length) {
      const [parked] = this.#parked.splice(index, 1);
      if (parked === undefined) return;
      this.note(`${parked.task.name} ${parked.what}`);
      this.#busy = parked.what !== 'begins';
      parked.goOn();
      return;
    }
    const [postponed] = this.#postponed.splice(index - this.#parked.length, 1);
    if (postponed !== undefined) await this.#happen(postponed);
    this.#pump();
  }

  /** A director that does not know on: whoever waits for anything is told. */
  #fail(error: unknown): void {
    for (const fail of this.#failing.splice(0)) fail(error);
  }

  async #happen({ what, happen }: Postponed): Promise<void> {
    this.#busy = true;
    try {
      this.note(`late: ${what} ${await happen()}`);
    } catch (error) {
      this.note(`late: ${what} → ${error instanceof Error ? error.name : String(error)}`);
    } finally {
      this.#busy = false;
    }
  }
}
