import { closeAll } from '../aws/close.ts';
/**
 * Playing an app: what its template declares, on the AWS of this machine.
 *
 * @module
 */
import { startAws } from '../aws/start.ts';
import type { LocalAws, StartAwsOptions } from '../aws/start.ts';
import { runningClock } from '../clock/clock.ts';
import type { MovableClock } from '../clock/clock.ts';
import { startEvents } from '../events/index.ts';
import type { FunctionResult, LocalFunction, Reload } from '../function/index.ts';
import { startFunction } from '../function/index.ts';
import { serveGateway } from '../gateway/serve.ts';
import type { LocalGateway } from '../gateway/serve.ts';
import { asynchronous, eventBus } from '../mapping/index.ts';
import type { ScheduleMapping, Tell } from '../mapping/index.ts';
import type { App, AppFunction } from '../template/app.ts';
import { readTemplate } from '../template/read.ts';
import type { ReadTemplateOptions } from '../template/read.ts';
import { openCheckpoints } from './checkpoints.ts';
import { deliverer } from './deliver.ts';
import { TemplateFault } from './fault.ts';
import { invoker } from './invoker.ts';
import type { Journal } from './journal.ts';
import { memoryJournal } from './memory.ts';
import { makeResources } from './resources.ts';
import { s3Caller } from './signed.ts';
import type { CallS3 } from './signed.ts';
import { invocationTraces } from './traces.ts';
import { startTriggers } from './triggers.ts';

export interface PlayOptions extends Pick<
  ReadTemplateOptions,
  'parameters' | 'region' | 'sources' | 'stackName'
> {
  /** Folder that keeps tables, buckets, queues and streams between runs. Default: memory. */
  folder?: string;
  /** TCP ports of gateways by their logical id. Default: free ones. */
  ports?: Readonly<Record<string, number>>;
  /** `stop`: what the reader does not know ends it. `go on`: it is left out and told. Default: `go on`. */
  unknown?: 'stop' | 'go on';
  /** Variables of all functions, over the declared ones. */
  environment?: Readonly<Record<string, string>>;
  /** Milliseconds between tries of asynchronous invocations. Default: Lambda's one and two minutes. */
  retryDelay?: number;
  /** Lets a debugger attach to functions. */
  inspect?: true;
  /** Whether a change of a source starts new environments. Default: true. */
  watch?: boolean;
  /** Runs functions under Lambda's own runtime client, which must be installed. */
  runtimeClient?: 'aws-lambda-ric';
  /** Time that schedules, delays and expiry follow. Default: the real one, which can be moved ahead. */
  clock?: MovableClock;
}

/** An app that is being played. */
export interface LocalApp extends AsyncDisposable {
  readonly app: App;
  readonly aws: LocalAws;
  readonly clock: MovableClock;
  readonly journal: Journal;
  /** URLs of gateways by their logical id. */
  readonly urls: Readonly<Record<string, string>>;
  readonly schedules: ReadonlyMap<string, Pick<ScheduleMapping, 'fire' | 'next'>>;
  /** Requests to the buckets, signed. */
  readonly s3: CallS3;
  /** Invokes a function by its logical id or name, as the Lambda console does. */
  invoke(name: string, event: unknown): Promise<FunctionResult & { readonly requestId: string }>;
  /** Resolves when nothing is under way: no event waits for a function and no invocation runs. */
  idle(): Promise<void>;
  /** Ends all of it. May be called more than once. */
  stop(): Promise<void>;
}

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
    onProblem: (text) => tell({ kind: 'warning', text, traces: [] }),
  });
  const ending: { close(): Promise<void> }[] = [{ close: () => aws.close() }];
  const end = async (): Promise<void> => {
    // What came last depends on what came before.
    // oxlint-disable-next-line no-await-in-loop
    for (const part of ending.toReversed()) await part.close();
  };

  try {
    const app = await readTemplate(template, { ...options, region, queueEndpoint: aws.sqs.endpoint });
    const resources = await makeResources(app, aws);
    const checkpoints = openCheckpoints(options.folder);
    ending.push({ close: async () => checkpoints.close() });

    const functions = new Map<string, LocalFunction>();
    const calls = invoker(functions, journal, traces);
    const service = asynchronous({
      invoke: calls.invoke,
      deliver: (arn, body, caused) => deliver(arn, body, caused),
      clock,
      tell,
      ...(options.retryDelay !== undefined && { retryDelay: options.retryDelay }),
    });
    const deliver = deliverer(app, aws, () => service);
    const bus = eventBus(
      app.triggers.flatMap((trigger) => {
        const declared = app.functions.find(({ id }) => id === trigger.function);
        return trigger.type === 'eventbridge' && declared !== undefined ? [{ trigger, declared }] : [];
      }),
      service,
    );
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
      put: ({ bus: name, event, trace }) => void bus.put(name, event, trace === undefined ? [] : [trace]),
      invoke: async ({ name, type, payload, trace }) => {
        const declared = app.functions.find((one) => isNamed(one, name));
        if (declared === undefined) return undefined;
        const invocation = {
          trigger: { type: 'invoke', id: 'Invoke', summary: 'by another function' },
          event: payload,
          traces: trace === undefined ? [] : [trace],
        };
        if (type === 'RequestResponse')
          return calls.invoke({ ...invocation, function: declared.id, attempt: 1 });
        if (type === 'Event') void service.accept(declared, invocation);
        return 'accepted';
      },
    });
    ending.push(events);

    const gateways = await startGateways(app, calls.forGateway, options, tell);
    ending.push({ close: () => closeAll(gateways.map(({ gateway }) => ({ close: gateway.stop }))) });
    const urls = Object.fromEntries(gateways.map(({ id, gateway }) => [id, gateway.url]));

    const environment = {
      ...aws.environment,
      AWS_ENDPOINT_URL_EVENTBRIDGE: events.endpoint,
      AWS_ENDPOINT_URL_LAMBDA: events.endpoint,
      ...options.environment,
    };
    for (const declared of app.functions)
      functions.set(
        declared.id,
        startFunction(
          withUrls(declared, urls),
          functionOptions(declared, environment, options, journal, clock),
        ),
      );
    ending.push({ close: () => closeAll([...functions.values()]) });

    const triggers = startTriggers({
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
    ending.push({ close: () => closeAll([{ close: service.stop }, { close: triggers.stop }]) });
    heard.onObject = triggers.onObject;
    heard.onLambda = triggers.onLambda;

    let stopped: Promise<void> | undefined;
    const stop = (): Promise<void> => (stopped ??= end());
    return {
      app,
      aws,
      clock,
      journal,
      urls,
      schedules: triggers.schedules,
      s3: s3Caller(aws.s3),
      invoke,
      idle: () => untilIdle(journal, () => service.pending()),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

function checkFindings(app: App, { unknown = 'go on' }: PlayOptions): void {
  const fatal = app.findings.filter(({ severity }) => severity === 'error' || unknown === 'stop');
  if (fatal.length > 0) throw new TemplateFault(fatal);
}

async function startGateways(
  app: App,
  forGateway: ReturnType<typeof invoker>['forGateway'],
  { ports = {} }: PlayOptions,
  tell: Tell,
): Promise<{ id: string; gateway: LocalGateway }[]> {
  const starting = app.gateways.map(async (gateway) => {
    const port = ports[gateway.id];
    const local = await serveGateway(gateway, {
      invoke: forGateway(gateway.id),
      report: (problem) => tell({ kind: 'warning', text: `${gateway.id}: ${problem}`, traces: [] }),
      accountId: app.accountId,
      ...(port !== undefined && { port }),
    });
    return { id: gateway.id, gateway: local };
  });
  const settled = await Promise.allSettled(starting);
  const failed = settled.find((one) => one.status === 'rejected');
  const started = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (failed === undefined) return started;
  await closeAll(started.map(({ gateway }) => ({ close: gateway.stop })));
  throw failed.reason;
}

/** URLs of gateways as AWS would give them become the ones they have here. */
function withUrls(declared: AppFunction, urls: Readonly<Record<string, string>>): AppFunction {
  const local = (value: string): string =>
    value
      .replaceAll(
        /https:\/\/([\w-]+)\.execute-api\.[\w-]+\.amazonaws\.com(?:\/(?:\$default|[\w-]+))?/gu,
        (url: string, id: string) => urls[id] ?? url,
      )
      .replaceAll(
        /https:\/\/([\w-]+)\.lambda-url\.[\w-]+\.on\.aws\/?/gu,
        (url: string, id: string) => urls[id] ?? url,
      );
  const environment = Object.entries(declared.environment).map(([name, value]) => [name, local(value)]);
  return { ...declared, environment: Object.fromEntries(environment) };
}

function functionOptions(
  declared: AppFunction,
  environment: Readonly<Record<string, string>>,
  { inspect, watch, runtimeClient }: PlayOptions,
  journal: Journal,
  clock: MovableClock,
): Parameters<typeof startFunction>[1] {
  const note = (kind: 'reload' | 'warning', text: string): void =>
    journal.note({ time: clock.now(), kind, text: `${declared.id}: ${text}`, causes: [] });
  return {
    environment,
    ...(inspect !== undefined && {
      inspect,
      onInspector: (url: string) => note('reload', `debugger at ${url}`),
    }),
    ...(watch !== undefined && { watch }),
    ...(runtimeClient !== undefined && { runtimeClient }),
    onReload(reload: Reload) {
      if (reload.ok) note('reload', 'source reloaded');
      else
        for (const { message, file, line } of reload.problems)
          note(
            'warning',
            `the source as it was goes on: ${message}${file === undefined ? '' : ` (${file}:${line ?? 1})`}`,
          );
    },
  };
}

function isNamed({ id, name, arn }: AppFunction, wanted: string): boolean {
  return id === wanted || name === wanted || arn === wanted.replace(/:\$LATEST$/u, '');
}

/** Nothing runs and nothing waits, for a moment long enough that pollers have looked. */
async function untilIdle(journal: Journal, pending: () => number): Promise<void> {
  const QUIET_MS = 400;
  let quietSince = Date.now();
  const leave = journal.follow(() => (quietSince = Date.now()));
  try {
    while (
      Date.now() - quietSince < QUIET_MS ||
      pending() > 0 ||
      journal.entries().some(({ result }) => !result)
    ) {
      // Looking again is the point.
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  } finally {
    leave();
  }
}
