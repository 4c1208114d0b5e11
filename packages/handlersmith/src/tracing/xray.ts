/**
 * Traces for AWS X-Ray, through Powertools' Tracer.
 *
 * @module
 */
import type * as PowertoolsTracing from '@aws-lambda-powertools/tracer';

import { currentTraceHeader, parseTraceHeader } from '../observability/correlation.ts';
import type { TraceHeader } from '../observability/correlation.ts';
import { noTracer } from '../observability/tracer.ts';
import type { InvocationInfo, Tracer } from '../observability/tracer.ts';
import { XrayInvocation } from './segment.ts';
import type { Context, Subsegment, Xray } from './segment.ts';

export interface XrayTracerOptions {
  /** The service in annotations and metadata. Default: `POWERTOOLS_SERVICE_NAME`, then the handler's service. */
  readonly service?: string | undefined;
  /** Keep what the handler answers, bounded and without secrets by key name. Default false: answers hold people's data. */
  readonly captureResponses?: boolean | undefined;
  /** Keep name, message and stack of errors. Default true, unless `POWERTOOLS_TRACER_CAPTURE_ERROR` is false. */
  readonly captureErrors?: boolean | undefined;
  /** Record outgoing requests of `http`, `https` and `fetch`. Default true, unless `POWERTOOLS_TRACER_CAPTURE_HTTPS_REQUESTS` is false. */
  readonly captureHttp?: boolean | undefined;
  /** Default: on in Lambda unless `POWERTOOLS_TRACE_ENABLED` is false, off everywhere else. */
  readonly enabled?: boolean | undefined;
}

const FALSE_WORDS = new Set(['false', '0', 'no', 'n', 'f', 'off']);
const isFalse = (text: string | undefined): boolean => FALSE_WORDS.has(text?.trim().toLowerCase() ?? '');

function isEnabled(option: boolean | undefined, environment: NodeJS.ProcessEnv): boolean {
  if (option !== undefined) return option;
  if (isFalse(environment['POWERTOOLS_TRACE_ENABLED'])) return false;
  // the emulators on a developer's machine have no X-Ray daemon
  const emulated =
    environment['AWS_SAM_LOCAL'] || environment['AWS_EXECUTION_ENV'] === 'AWS_Lambda_amplify-mock';
  return Boolean(environment['LAMBDA_TASK_ROOT']) && !emulated;
}

const off: Tracer = Object.freeze({
  invocation: <T>(_info: InvocationInfo, run: (tracer: typeof noTracer) => Promise<T>): Promise<T> =>
    run(noTracer),
});

/**
 * A tracer for AWS X-Ray.
 *
 * Off, it loads nothing and costs nothing. On, it loads `@aws-lambda-powertools/tracer` (which your project installs) while the
 * environment starts. Each invocation becomes a subsegment of Lambda's own segment, with cold start, service, trigger and
 * correlation id to search by, and closed whatever becomes of the invocation. AWS SDK clients wrapped with Powertools'
 * `captureAWSv3Client` show up below it.
 *
 * The X-Ray SDK is in maintenance, and it slows every promise in the process: `handlersmith/tracing/opentelemetry` is the way on.
 *
 * @param options - see {@link XrayTracerOptions}; all have defaults
 * @throws Error from the first invocation where the package is not installed
 * @example
 * import { httpHandler } from 'handlersmith/http';
 * import { xrayTracer } from 'handlersmith/tracing';
 *
 * export const handler = httpHandler({ service: 'shop', tracer: xrayTracer() }, async ({ tracer }) => {
 *   const price = await tracer.span('price', async (span) => {
 *     span.annotate('currency', 'EUR');
 *     return 12.5;
 *   });
 *   return { price };
 * });
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export function xrayTracer(options: XrayTracerOptions = {}): Tracer {
  if (!isEnabled(options.enabled, process.env)) return off;

  let xray: Xray | undefined;
  const loading = load(options).then((loaded) => (xray = loaded));
  // the first invocation tells of a failure; until then nobody waits for it
  loading.catch(() => {});

  return {
    async invocation(info, run) {
      const header = parseTraceHeader(currentTraceHeader());
      const loaded = xray ?? (await loading);
      const tracer = header === undefined ? undefined : begin(loaded, header, info.name);
      if (tracer === undefined) return run(noTracer);

      tracer.annotate('ColdStart', info.coldStart);
      tracer.annotate('Service', loaded.service ?? info.name);
      tracer.annotate('trigger', info.trigger);
      if (info.correlationId !== undefined) tracer.annotate('correlation_id', info.correlationId);
      try {
        return await tracer.run(
          () => run(tracer),
          (ending) => {
            if (ending.failed) tracer.error(ending.error);
            else if (options.captureResponses === true)
              tracer.metadata(`${info.name} response`, ending.value);
          },
        );
      } finally {
        if (tracer.sampled) await datagramsOut();
      }
    },
  };
}

/** `undefined` where the SDK fails: an invocation without a trace is better than none. */
function begin(xray: Xray, header: TraceHeader, name: string): XrayInvocation | undefined {
  try {
    return new XrayInvocation(xray, header, name);
  } catch {
    return undefined;
  }
}

/** Lambda may freeze the environment once the answer is out: what waits for the socket would wait until it thaws. */
async function datagramsOut(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

async function load(options: XrayTracerOptions): Promise<Xray> {
  const { Tracer: PowertoolsTracer } = await powertools();
  const service = options.service?.trim() || process.env['POWERTOOLS_SERVICE_NAME']?.trim() || undefined;
  const tracer = new PowertoolsTracer({
    ...(service !== undefined && { serviceName: service }),
    ...(options.captureHttp !== undefined && { captureHTTPsRequests: options.captureHttp }),
  });
  // a tracer that is off gives a new, unattached subsegment whenever it is asked: the one public way to make one
  const maker = new PowertoolsTracer({ enabled: false });
  return {
    // declared by packages that only Powertools depends on
    context: tracer.provider.getNamespace() as unknown as Context,
    newSegment: () => maker.getSegment() as unknown as Subsegment,
    service,
    captureErrors: options.captureErrors ?? !isFalse(process.env['POWERTOOLS_TRACER_CAPTURE_ERROR']),
  };
}

async function powertools(): Promise<typeof PowertoolsTracing> {
  try {
    return await import('@aws-lambda-powertools/tracer');
  } catch (cause) {
    const advice = 'install it (npm install @aws-lambda-powertools/tracer) or leave the tracer option out';
    throw new Error(
      `xrayTracer needs the package @aws-lambda-powertools/tracer, which could not be loaded: ${advice}`,
      {
        cause,
      },
    );
  }
}
