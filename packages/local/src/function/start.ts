/**
 * A Lambda function on this machine.
 *
 * @module
 */
import type { AppFunction } from '../template/app.ts';
import type { Connect } from './channel.ts';
import { findRuntimeClient, overRuntimeApi } from './client/connect.ts';
import { conditionsHere } from './conditions.ts';
import { startEnvironment } from './environment.ts';
import { overFrames } from './frames.ts';
import type { LocalFunction } from './function.ts';
import { createPool, type Source } from './pool.ts';
import { canFreeze } from './process.ts';
import { functionSource, type Reload } from './source.ts';
import { variablesOf } from './variables.ts';

/** Environments of a function that reserves no concurrency. More invocations than that wait. */
export const DEFAULT_CONCURRENCY = 10;

const INIT_TIMEOUT_MS = 10_000;
const SHUTDOWN_MS = 500;
const LOG_LIMIT = 1024 * 1024;

export interface FunctionOptions {
  /**
   * Variables besides the declared ones, over which they win: endpoints and credentials of the services here. Nothing
   * else of this process's own environment reaches the function but what finds programs and libraries.
   */
  environment?: Readonly<Record<string, string>>;
  /** How many environments there may be where the function reserves none. More invocations wait. Default: 10. */
  concurrency?: number;
  /** Whether an environment stands still between invocations, as on Lambda. Default: true, where the platform can. */
  freeze?: boolean;
  /** Lets a debugger attach, on this port or a free one. There is one environment then, and no time runs out. */
  inspect?: true | number;
  /** Told where a debugger attaches, for each environment. */
  onInspector?: (url: string) => void;
  /** Runs the function under Lambda's own runtime client, which must be installed. */
  runtimeClient?: 'aws-lambda-ric';
  /** Whether a change of the source starts new environments. Default: true. */
  watch?: boolean;
  /** Told what came of a change of the source. */
  onReload?: (reload: Reload) => void;
  /** Conditions by which package exports are resolved. Default: those this process was started with. */
  conditions?: readonly string[];
  /** Packages that are not bundled. Those with native parts never are. */
  external?: readonly string[];
  /** Milliseconds the handler has to be loaded, after which Lambda starts again. Default: 10,000. */
  initTimeout?: number;
  /** Milliseconds an environment has between SIGTERM and its end. Default: 500. */
  shutdown?: number;
  /** Characters of output kept of an invocation. Default: 1 MB. */
  logLimit?: number;
}

/**
 * Makes a function of the app ready to be invoked. Its source is bundled at once; environments are started when
 * invocations come.
 *
 * @returns the function; close it, or its processes stay until this one ends
 * @throws Error for an option that contradicts the function, or a runtime client that is not installed
 * @example
 * const orders = startFunction(declared, { environment: { AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint } });
 * const result = await orders.invoke({ requestId: randomUUID(), event: '{}', trace: 'Root=1-5e9f0c65-1de4d666d4dd26aced652b6c' });
 * await orders.close();
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export function startFunction(declared: AppFunction, options: FunctionOptions = {}): LocalFunction {
  const { inspect, runtimeClient, freeze = true, shutdown = SHUTDOWN_MS } = options;
  if (inspect !== undefined && runtimeClient !== undefined)
    throw new Error('startFunction: options "inspect" and "runtimeClient" do not go together');
  const client = runtimeClient === undefined ? undefined : findRuntimeClient(declared.source);
  const bound = inspect === undefined ? (declared.reservedConcurrency ?? options.concurrency) : 1;
  if (bound !== undefined && (!Number.isInteger(bound) || bound < 0))
    throw new RangeError(`startFunction: option "concurrency" must be a whole number from 1, got ${bound}`);

  const conditions = options.conditions ?? conditionsHere();
  const source = functionSource(declared, {
    folder: declared.folder,
    conditions,
    external: options.external ?? [],
    watch: options.watch ?? true,
    withStandIn: client !== undefined,
    onChange(reload) {
      if (reload.ok) pool.renew();
      options.onReload?.(reload);
    },
  });
  const connect = (from: Source & { readonly ok: true }): Connect => {
    const process = {
      flags: flagsOf(declared, inspect, conditions),
      file: from.file,
      folder: declared.folder,
      environment: variablesOf(declared, options.environment ?? {}),
    };
    return client === undefined
      ? overFrames({ ...process, runtime: from.runtime, exported: declared.exported })
      : overRuntimeApi({ ...process, client, standIn: from.runtime });
  };
  const pool = createPool({
    bound: bound ?? DEFAULT_CONCURRENCY,
    refuses: inspect === undefined && declared.reservedConcurrency !== undefined,
    timeout: declared.timeout,
    initTimeout: options.initTimeout ?? INIT_TIMEOUT_MS,
    patience: shutdown,
    source: source.current,
    start: (from, initTimeout, phase) =>
      startEnvironment({
        connect: connect(from),
        arn: declared.arn,
        timeout: declared.timeout,
        memory: declared.memory,
        freeze: freeze && canFreeze && inspect === undefined,
        limited: inspect === undefined,
        initTimeout,
        phase,
        logLimit: options.logLimit ?? LOG_LIMIT,
        onInspector: (url) => options.onInspector?.(url),
      }),
  });

  return {
    declared,
    invoke: pool.invoke,
    reload() {
      pool.renew();
      source.renew();
    },
    async close() {
      await Promise.all([pool.close(), source.close()]);
    },
  };
}

/** The share of the memory that Lambda gives to each part of the heap, and what else it starts Node.js with. */
function flagsOf(
  { memory }: AppFunction,
  inspect: true | number | undefined,
  conditions: readonly string[],
): string[] {
  return [
    '--enable-source-maps',
    `--max-old-space-size=${Math.floor(memory * 0.9)}`,
    `--max-semi-space-size=${Math.max(1, Math.floor(memory * 0.05))}`,
    '--max-http-header-size=81920',
    ...conditions.map((condition) => `--conditions=${condition}`),
    ...(inspect === undefined
      ? []
      : [`--inspect=127.0.0.1:${inspect === true ? 0 : inspect}`, '--inspect-publish-uid=http']),
  ];
}
