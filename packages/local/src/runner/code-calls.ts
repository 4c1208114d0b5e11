/**
 * What code asks of the app through an SDK: events put on a bus, functions invoked.
 *
 * @module
 */
import type { StartEventsOptions } from '../events/index.ts';
import type { Asynchronous, EventBus } from '../mapping/index.ts';
import type { App, AppFunction } from '../template/app.ts';
import type { Invoker } from './invoker.ts';
import type { Journal } from './journal.ts';

export interface CodeCallsOptions {
  readonly app: App;
  readonly calls: Invoker;
  readonly asynchronous: Asynchronous;
  readonly bus: EventBus;
  readonly journal: Pick<Journal, 'entry'>;
}

export function codeCalls(options: CodeCallsOptions): Pick<StartEventsOptions, 'put' | 'invoke'> {
  const { app, calls, asynchronous, bus, journal } = options;
  return {
    put: ({ bus: name, event, trace }) => void bus.put(name, event, trace === undefined ? [] : [trace]),
    async invoke({ name, qualifier, type, payload, clientContext, trace }) {
      const declared = app.functions.find(
        (one) => (one.name === name || one.arn === name) && hasQualifier(one, qualifier),
      );
      if (declared === undefined) return undefined;
      const invocation = {
        trigger: { type: 'invoke', id: 'Invoke', summary: 'by another function' },
        event: payload,
        traces: trace === undefined ? [] : [trace],
        ...(clientContext !== undefined && { clientContext }),
      };
      if (type === 'RequestResponse') {
        const result = await calls.invoke({ ...invocation, function: declared.id, attempt: 1 });
        const logs = journal.entry(result.requestId)?.logs ?? [];
        return { ...result, logs, memory: declared.memory };
      }
      if (type === 'Event') void asynchronous.accept(declared, invocation);
      return 'accepted';
    },
  };
}

function hasQualifier({ qualifiers = [] }: AppFunction, qualifier: string | undefined): boolean {
  return qualifier === undefined || qualifier === '$LATEST' || qualifiers.includes(qualifier);
}
