/**
 * From the triggers that a template declares to things that listen.
 *
 * @module
 */
import { Agent } from 'node:http';

import type { LocalAws } from '../aws/start.ts';
import type { Clock } from '../clock/clock.ts';
import { scheduleMapping } from '../mapping/index.ts';
import type {
  Asynchronous,
  Checkpoints,
  Deliver,
  EventBus,
  Invoke,
  ScheduleMapping,
  Tell,
} from '../mapping/index.ts';
import type { S3Notification } from '../s3/notification.ts';
import type { App, AppFunction, AppTrigger } from '../template/app.ts';
import { bridgeEvent, objectTargets, recordFor } from './notified.ts';
import { pollerOf } from './pollers.ts';
import type { Poller } from './pollers.ts';
import type { Resources } from './resources.ts';
import { sendTestEvents } from './test-events.ts';

export interface Wiring {
  readonly app: App;
  readonly aws: LocalAws;
  readonly resources: Resources;
  readonly invoke: Invoke;
  readonly asynchronous: Asynchronous;
  readonly deliver: Deliver;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly tell: Tell;
  /** Where reading of a shard goes on after a restart. */
  readonly checkpoints: (trigger: string) => Checkpoints;
}

export interface Triggers {
  readonly schedules: ReadonlyMap<string, ScheduleMapping>;
  /** Takes a change of an object to whoever is to hear of it. */
  readonly onObject: (notification: S3Notification) => void;
  /** Takes a message of a topic to the function that is subscribed. */
  readonly onLambda: (functionArn: string, event: object, trace: string | undefined) => Promise<void>;
  /** Resolves when streams are followed: what is put into them from now on invokes. */
  readonly ready: Promise<void>;
  /** How many batches are gathered that no function has seen yet. */
  readonly gathering: () => number;
  readonly stop: () => Promise<void>;
}

/**
 * Starts everything that polls or waits, or nothing.
 *
 * @throws Error that names the trigger that cannot be
 */
export async function startTriggers(wiring: Wiring): Promise<Triggers> {
  const { app, aws, asynchronous, deliver, bus, clock, tell } = wiring;
  const functions = new Map(app.functions.map((declared) => [declared.id, declared]));
  const agent = new Agent({ keepAlive: true });
  const schedules = new Map<string, ScheduleMapping>();
  const listening: Poller[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(listening.map((one) => one.stop()));
    agent.destroy();
  };
  const start = (trigger: AppTrigger, declared: AppFunction): void => {
    if (trigger.type === 'schedule') {
      const { region, accountId } = aws;
      const mapping = scheduleMapping({
        trigger,
        declared,
        region,
        accountId,
        asynchronous,
        clock,
        tell,
      });
      schedules.set(trigger.id, mapping);
      listening.push(mapping);
    } else if (trigger.enabled) {
      const poller = pollerOf(trigger, declared, wiring, agent);
      if (poller !== undefined) listening.push(poller);
    }
  };
  for (const trigger of app.triggers) {
    const declared = functions.get(trigger.function);
    try {
      if (declared !== undefined) start(trigger, declared);
    } catch (cause) {
      // What polls already would poll for ever.
      // oxlint-disable-next-line no-await-in-loop
      await stop();
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${trigger.id}, line ${trigger.place.line}: ${why}`, { cause });
    }
  }

  sendTestEvents(app, wiring.resources, deliver, clock).catch((error: unknown) =>
    tell({ kind: 'warning', text: `Test events of buckets: ${String(error)}`, traces: [] }),
  );

  const following = async (): Promise<void> => {
    for (const { ready } of listening) {
      // All have started: which one is waited for first makes no difference.
      // oxlint-disable-next-line no-await-in-loop
      await ready;
    }
  };
  return {
    schedules,
    onObject(notification) {
      for (const told of objectTargets(notification, app)) {
        const event = { Records: [recordFor(notification, told.id)] };
        const traces = notification.trace === undefined ? [] : [notification.trace];
        if (told.to === 'bus') {
          bus.put('default', bridgeEvent(notification, aws), traces);
        } else if (typeof told.to === 'string') {
          deliver(told.to, event, traces).catch((error: unknown) =>
            tell({
              kind: 'dropped',
              text: `Notification of ${notification.bucket}: ${String(error)}`,
              traces,
            }),
          );
        } else {
          // S3 does not wait for what becomes of it.
          void asynchronous.accept(told.to, {
            trigger: {
              type: 's3',
              id: told.id,
              summary: `${notification.name} ${notification.bucket}/${notification.key}`,
            },
            event,
            traces,
          });
        }
      }
    },
    async onLambda(functionArn, event, trace) {
      const declared = app.functions.find(({ arn }) => arn === functionArn);
      if (declared === undefined) throw new Error(`There is no function ${functionArn} here`);
      const trigger = app.triggers.find((one) => one.type === 'sns' && one.function === declared.id);
      await asynchronous.accept(declared, {
        trigger: { type: 'sns', id: trigger?.id ?? functionArn, summary: 'a message of a topic' },
        event,
        traces: trace === undefined ? [] : [trace],
      });
    },
    ready: following(),
    gathering: () => listening.reduce((sum, one) => sum + (one.gathering?.() ?? 0), 0),
    stop,
  };
}
