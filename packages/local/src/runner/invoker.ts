/**
 * The one place where functions of an app are invoked: every invocation is in the journal, whatever asked for it.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';

import type { Clock } from '../clock/clock.ts';
import type { AnswerStream, FunctionResult, LocalFunction } from '../function/function.ts';
import type { InvokeForGateway } from '../gateway/exchange.ts';
import type { Invoke, Invoked } from '../mapping/index.ts';
import type { InvocationStart, Journal } from './journal.ts';
import type { Traces } from './traces.ts';

export interface Invoker {
  /** For triggers. */
  readonly invoke: Invoke;
  /** For a gateway, which knows its functions but not their triggers. */
  readonly forGateway: (gatewayId: string) => InvokeForGateway;
}

/** What a function gets beside its event. */
interface Given {
  readonly stream?: AnswerStream | undefined;
  readonly clientContext?: string | undefined;
}

export function invoker(
  functions: ReadonlyMap<string, LocalFunction>,
  journal: Journal,
  traces: Traces,
  clock: Pick<Clock, 'now'>,
): Invoker {
  const run = async (
    start: Omit<InvocationStart, 'requestId'>,
    { stream, clientContext }: Given = {},
  ): Promise<Invoked> => {
    const requestId = randomUUID();
    journal.begin({ ...start, requestId });
    const lambda = functions.get(start.function);
    const result: FunctionResult =
      lambda === undefined
        ? noSuchFunction(start.function)
        : await lambda.invoke({
            requestId,
            event: start.event,
            trace: traces.start(requestId),
            ahead: aheadOf(clock),
            onLog: (line) => journal.log(requestId, line),
            ...(stream !== undefined && { stream }),
            ...(clientContext !== undefined && { clientContext }),
          });
    journal.end(requestId, result);
    return { ...result, requestId };
  };

  return {
    invoke: ({ function: id, trigger, event, traces: headers, attempt, clientContext }) =>
      run(
        { function: id, trigger, event: JSON.stringify(event), attempt, causes: traces.causes(headers) },
        { clientContext },
      ),
    forGateway:
      (gatewayId) =>
      ({ function: id, event, trace, summary, stream }) =>
        run(
          {
            function: id,
            trigger: { type: 'http', id: gatewayId, summary },
            event,
            attempt: 1,
            causes: traces.causes([trace]),
          },
          { stream },
        ),
  };
}

/** Less than a second is nobody's doing. */
const MOVED_MS = 1000;

function aheadOf(clock: Pick<Clock, 'now'>): number {
  const ahead = clock.now() - Date.now();
  return Math.abs(ahead) < MOVED_MS ? 0 : ahead;
}

function noSuchFunction(id: string): FunctionResult {
  return {
    ok: false,
    reason: 'init',
    duration: 0,
    memoryUsed: 0,
    error: { errorType: 'ResourceNotFoundException', errorMessage: `Function not found: ${id}`, trace: [] },
  };
}
