/**
 * What a request may meet on its way.
 *
 * @module
 */
import type { Postponed, Simulation } from './simulation.ts';
import type { SimulatedRequest } from './task.ts';

export interface Fault {
  readonly name: string;
  /** Whether a request can meet it. */
  applies(request: Pick<SimulatedRequest, 'service' | 'command'>): boolean;
  /** Gives what the task is to get. */
  meet(request: SimulatedRequest, simulation: Simulation): Promise<unknown>;
}

/** An error as the SDK makes it. */
function serviceError(name: string, status: number, more: object = {}): Error {
  return Object.assign(new Error(name), {
    name,
    $fault: status >= 500 ? 'server' : 'client',
    $metadata: { httpStatusCode: status },
    ...more,
  });
}

const WRITES = /^(?:Put|Delete|Update|Transact|Complete|Upload|Create|Abort)/;
const CONDITIONAL = new Set(['PutObject', 'CompleteMultipartUpload']);

const always = (): boolean => true;
const writes = ({ command }: { command: string }): boolean => WRITES.test(command);
const conditional = ({ command }: { command: string }): boolean => CONDITIONAL.has(command);
const transaction = ({ command }: { command: string }): boolean => command === 'TransactWriteItems';
const on =
  (service: string, also: (request: { command: string }) => boolean = always) =>
  (request: { service: string; command: string }): boolean =>
    request.service === service && also(request);

const timedOut = (): Promise<never> => Promise.reject(serviceError('TimeoutError', 0));

function refused(
  fault: string,
  applies: Fault['applies'],
  error: (request: SimulatedRequest) => Error,
): Fault {
  return { name: fault, applies, meet: (request) => Promise.reject(error(request)) };
}

/** Takes effect although its answer never comes. What the service answers is nobody's. */
async function takeEffect(request: SimulatedRequest, simulation: Simulation): Promise<void> {
  try {
    await simulation.send(request);
  } catch (error) {
    simulation.note(`  (${error instanceof Error ? error.name : String(error)})`);
  }
}

function sendLater(request: SimulatedRequest, simulation: Simulation, isDue: Postponed['isDue']): void {
  simulation.postpone({
    what: `${request.task.name} ${request.command} ${request.target}`,
    isDue,
    happen: async () => {
      await simulation.send(request);
      return '→ ok';
    },
  });
}

/** True after so many requests. */
const after = (requests: number): Postponed['isDue'] => {
  let left = requests;
  return () => (left -= 1) <= 0;
};

/** True after somebody else's request of this kind was answered. */
const afterOthers =
  (command: string, { task }: SimulatedRequest): Postponed['isDue'] =>
  (answered) =>
    answered.command === command && answered.task !== task;

function late(name: string, isDue: (request: SimulatedRequest) => Postponed['isDue']): Fault {
  return {
    name,
    applies: writes,
    meet: (request, simulation) => {
      sendLater(request, simulation, isDue(request));
      return timedOut();
    },
  };
}

/** Ends what is done for a request whose task has died. No code of the task ever sees it. */
export class Gone extends Error {
  override readonly name = 'Gone';
}

/** The task's process is gone: its code does not go on, and catches nothing. */
function crash(name: string, applies: Fault['applies'], before: Fault['meet']): Fault {
  return {
    name,
    applies,
    meet: async (request, simulation) => {
      await before(request, simulation);
      request.task.fallSilent();
      simulation.end(request.task);
      throw new Gone();
    },
  };
}

function frozen(name: string, isDue: (request: SimulatedRequest) => Postponed['isDue']): Fault {
  return {
    name,
    applies: always,
    meet: async (request, simulation) => {
      await simulation.freeze(request.task, request.command, isDue(request));
      return simulation.send(request);
    },
  };
}

function cancelled(code: string): Fault['meet'] {
  return ({ input }) => {
    const items = input['TransactItems'] as readonly unknown[]; // of TransactWriteItems
    const CancellationReasons = items.map((_, index) => ({ Code: index === 0 ? code : 'None' }));
    return Promise.reject(serviceError('TransactionCanceledException', 400, { CancellationReasons }));
  };
}

function aborted(name: string, before: Fault['meet']): Fault {
  return {
    name,
    applies: always,
    meet: async (request, simulation) => {
      await before(request, simulation);
      request.task.controller.abort(new Error('the deadline'));
      throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
    },
  };
}

const nothing = (): Promise<void> => Promise.resolve();

/** All of them, by name. */
export const faults: readonly Fault[] = [
  refused('not sent', always, () => serviceError('TimeoutError', 0)),
  refused('connection refused', always, () => Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })),
  {
    name: 'answer lost',
    applies: always,
    meet: async (request, simulation) => {
      await takeEffect(request, simulation);
      return timedOut();
    },
  },
  {
    name: 'sent twice',
    applies: writes,
    meet: async (request, simulation) => {
      await takeEffect(request, simulation);
      return simulation.send(request);
    },
  },
  late('late by 1', () => after(1)),
  late('late by 3', () => after(3)),
  late('late by 6', () => after(6)),
  late("late, after another's commit", (request) => afterOthers('TransactWriteItems', request)),
  late("late, after another's delete", (request) => afterOthers('DeleteObject', request)),
  refused('throttled', always, ({ service }) =>
    service === 's3'
      ? serviceError('SlowDown', 503)
      : serviceError('ProvisionedThroughputExceededException', 400),
  ),
  refused('throttled otherwise', on('dynamodb'), () => serviceError('ThrottlingException', 400)),
  refused('over the limit', on('dynamodb'), () => serviceError('RequestLimitExceeded', 400)),
  refused('500', always, () => serviceError('InternalServerError', 500)),
  {
    name: '500, yet applied',
    applies: writes,
    meet: async (request, simulation) => {
      await takeEffect(request, simulation);
      throw serviceError('InternalServerError', 500);
    },
  },
  refused('409 conflict', on('s3', conditional), () => serviceError('ConditionalRequestConflict', 409)),
  refused(
    'bad digest',
    on('s3', ({ command }) => /^(?:PutObject|UploadPart)$/.test(command)),
    () => serviceError('BadDigest', 400),
  ),
  {
    name: '412 of its own',
    applies: conditional,
    meet: async (request, simulation) => {
      await takeEffect(request, simulation);
      throw serviceError('PreconditionFailed', 412);
    },
  },
  { name: 'transaction conflict', applies: transaction, meet: cancelled('TransactionConflict') },
  { name: 'transaction throttled', applies: transaction, meet: cancelled('ThrottlingError') },
  { name: 'transaction invalid', applies: transaction, meet: cancelled('ValidationError') },
  refused('in progress', transaction, () => serviceError('TransactionInProgressException', 400)),
  refused('parameter mismatch', transaction, () => serviceError('IdempotentParameterMismatchException', 400)),
  refused('expired credentials', always, ({ service }) =>
    serviceError(service === 's3' ? 'ExpiredToken' : 'ExpiredTokenException', service === 's3' ? 403 : 400),
  ),
  crash('crash before', always, nothing),
  crash('crash after', writes, takeEffect),
  crash('crash, request in flight', writes, (request, simulation) => {
    sendLater(request, simulation, after(3));
    return nothing();
  }),
  frozen('frozen for 2 requests', () => after(2)),
  frozen("frozen past another's commit", (request) => afterOthers('TransactWriteItems', request)),
  frozen("frozen past another's delete", (request) => afterOthers('DeleteObject', request)),
  aborted('aborted', nothing),
  aborted('aborted, yet applied', takeEffect),
  {
    name: 'no time left',
    applies: always,
    meet: async (request, simulation) => {
      const answer = await simulation.send(request);
      request.task.remaining = 5;
      return answer;
    },
  },
  {
    name: 'clock jumps on',
    applies: always,
    meet: (request, simulation) => {
      simulation.advance(10 * 60_000);
      return simulation.send(request);
    },
  },
  {
    name: 'clock jumps back',
    applies: always,
    meet: (request, simulation) => {
      simulation.advance(-10 * 60_000);
      return simulation.send(request);
    },
  },
  {
    name: 'a day passes',
    applies: always,
    meet: async (request, simulation) => {
      const answer = await simulation.send(request);
      simulation.advance(86_400_000);
      return answer;
    },
  },
];

/** @throws TypeError for a name that none has */
export function faultNamed(name: string): Fault {
  const fault = faults.find((each) => each.name === name);
  if (fault === undefined) throw new TypeError(`There is no fault "${name}"`);
  return fault;
}
