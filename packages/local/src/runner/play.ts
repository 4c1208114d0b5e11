/**
 * Playing an app: what its template declares, on the AWS of this machine.
 *
 * @module
 */
import { closeAll } from '../aws/close.ts';
import { startAws } from '../aws/start.ts';
import type { StartAwsOptions } from '../aws/start.ts';
import { runningClock } from '../clock/clock.ts';
import { startEvents } from '../events/index.ts';
import type { LocalFunction } from '../function/index.ts';
import { asynchronous, eventBus } from '../mapping/index.ts';
import type { Tell } from '../mapping/index.ts';
import type { App } from '../template/app.ts';
import { readTemplate } from '../template/read.ts';
import { readdressed, readdressing } from './addresses.ts';
import { openCheckpoints } from './checkpoints.ts';
import { codeCalls } from './code-calls.ts';
import { deliverer } from './deliver.ts';
import { endWork, startEnding } from './ending.ts';
import { TemplateFault } from './fault.ts';
import { isNamed, startDeclared } from './functions.ts';
import { startGateways } from './gateways.ts';
import { untilIdle } from './idle.ts';
import { invoker } from './invoker.ts';
import type { LocalApp } from './local-app.ts';
import { memoryJournal } from './memory.ts';
import type { PlayOptions } from './options.ts';
import { makeResources } from './resources.ts';
import { s3Caller } from './signed.ts';
import { invocationTraces } from './traces.ts';
import { startTriggers } from './triggers.ts';

/**
 * Plays the template that is deployed: makes what it declares, loads its functions from source, opens its gateways and
 * fires its triggers by Lambda's rules.
 *
 * @param template - file of a SAM or CloudFormation template
 * @returns the running app, with its URLs and its journal
 * @throws TemplateFault with all that is wrong with the template; Error where a service or a gateway does not start
 * @example
 * await using app = await playTemplate('template.yaml');
 * const answer = await fetch(`${app.urls['HttpApi']}/items`);
 * for (const entry of app.journal.entries()) console.log(entry.function, entry.trigger.summary);
 */
export async function playTemplate(template: string, options: PlayOptions = {}): Promise<LocalApp> {
  const { region = 'us-east-1', clock = runningClock() } = options;
  // Read once before anything is started: a template with faults starts nothing.
  checkFindings(await readTemplate(template, { ...options, region }), options);

  const journal = memoryJournal(clock);
  const traces = invocationTraces(() => clock.now());
  const tell: Tell = ({ kind, text, traces: caused }) =>
    journal.note({ time: clock.now(), kind, text, causes: traces.causes(caused) });
  // Services tell of what happens before there is somebody to hear of it.
  const heard: Partial<Pick<StartAwsOptions, 'onObject' | 'onLambda'>> = {};
  const aws = await startAws({
    region,
    clock,
    ...(options.folder !== undefined && { folder: options.folder }),
    onObject: (notification) => heard.onObject?.(notification),
    onLambda: (arn, event, trace) => heard.onLambda?.(arn, event, trace),
    onMail: ({ to, subject, trace }) =>
      journal.note({
        time: clock.now(),
        kind: 'mail',
        text: `to ${to.join(', ')}: ${subject}`,
        causes: traces.causes(trace === undefined ? [] : [trace]),
      }),
    onDeadLetter: ({ body, from, to, trace }) =>
      tell({
        kind: 'dead-letter',
        text: `${from} → ${to}: ${body.length > 100 ? `${body.slice(0, 100)}…` : body}`,
        traces: trace === undefined ? [] : [trace],
      }),
    onProblem: (text) => tell({ kind: 'warning', text, traces: [] }),
  });
  const ending = startEnding();
  ending.add(() => aws.close());

  try {
    const app = await readTemplate(template, { ...options, region, queueEndpoint: aws.sqs.endpoint });
    const resources = await makeResources(app, aws, tell);
    const checkpoints = openCheckpoints(options.folder);
    ending.add(async () => checkpoints.close());

    const functions = new Map<string, LocalFunction>();
    const calls = invoker(functions, journal, traces, clock);
    const service = asynchronous({
      invoke: calls.invoke,
      deliver: (arn, body, caused) => deliver(arn, body, caused),
      clock,
      tell,
      ...(options.retryDelay !== undefined && { retryDelay: options.retryDelay }),
    });
    const deliver = deliverer(app, aws, () => service);
    const bus = eventBus({
      rules: app.triggers.flatMap((trigger) => {
        const declared = app.functions.find(({ id }) => id === trigger.function);
        return trigger.type === 'eventbridge' && declared !== undefined ? [{ trigger, declared }] : [];
      }),
      asynchronous: service,
      clock,
      tell,
    });
    const invoke: LocalApp['invoke'] = (name, event) =>
      calls.invoke({
        function: app.functions.find((declared) => isNamed(declared, name))?.id ?? name,
        trigger: { type: 'invoke', id: 'by hand', summary: 'by hand' },
        event,
        traces: [],
        attempt: 1,
      });

    const events = await startEvents({
      region,
      accountId: aws.accountId,
      now: () => clock.now(),
      ...codeCalls({ app, calls, asynchronous: service, bus, journal }),
    });
    ending.add(() => events.close());

    const gateways = await startGateways(app, calls.forGateway, options, tell);
    ending.add(() => closeAll(gateways.map(({ gateway }) => ({ close: gateway.stop }))));
    const urls = Object.fromEntries(gateways.map(({ id, gateway }) => [id, gateway.url]));
    const readdress = readdressing(app.gateways, urls);

    const environment = {
      ...aws.environment,
      AWS_ENDPOINT_URL_EVENTBRIDGE: events.endpoint,
      AWS_ENDPOINT_URL_LAMBDA: events.endpoint,
    };
    const listening: (() => Promise<void>)[] = [service.stop];
    ending.add(() =>
      endWork(
        () => closeAll(listening.map((close) => ({ close }))),
        () => closeAll([...functions.values()]),
      ),
    );
    for (const declared of app.functions) {
      const own = readdressed(declared.environment, readdress);
      functions.set(
        declared.id,
        startDeclared(
          { ...declared, environment: own },
          { environment: { ...environment, ...options.environment }, triggers: app.triggers },
          options,
          journal,
          clock,
        ),
      );
    }
    const triggers = await startTriggers({
      app,
      aws,
      resources,
      invoke: calls.invoke,
      asynchronous: service,
      deliver,
      bus,
      clock,
      tell,
      checkpoints: checkpoints.of,
    });
    listening.push(triggers.stop);
    heard.onObject = triggers.onObject;
    heard.onLambda = triggers.onLambda;
    await triggers.ready;

    let stopped: Promise<void> | undefined;
    const stop = (): Promise<void> => (stopped ??= ending.end());
    return {
      app: { ...app, outputs: readdressed(app.outputs, readdress) },
      aws,
      clock,
      journal,
      urls,
      environment,
      schedules: triggers.schedules,
      s3: s3Caller(aws.s3),
      invoke,
      idle: () => untilIdle(journal, () => service.pending() + triggers.gathering()),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    // Why it did not start is what matters, not what else went wrong because of that.
    await ending.end().catch(() => {});
    throw error;
  }
}

function checkFindings(app: App, { unknown = 'go on' }: PlayOptions): void {
  const fatal = app.findings.filter(({ severity }) => severity === 'error' || unknown === 'stop');
  if (fatal.length > 0) throw new TemplateFault(fatal);
}
