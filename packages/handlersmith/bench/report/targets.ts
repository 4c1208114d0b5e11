/**
 * What we want of ourselves, and whether this run saw it. Said aloud, never a reason to fail: times belong to a machine.
 *
 * @module
 */
import type { Figures, WarmScenario } from '../measure/figures.ts';
import { batchVerdicts } from './batches.ts';

/** One target and what came of it. */
export interface Verdict {
  readonly target: string;
  readonly figure: string;
  readonly met: boolean;
}

const KB = 1024;

/** What no import may load, by the name Node keeps it under. A stdout that is a pipe loads `net`, whoever writes to it. */
const heavyBuiltins: readonly { readonly name: string; readonly loadedByStdout: boolean }[] = [
  { name: 'internal/deps/undici/undici', loadedByStdout: false },
  { name: 'http', loadedByStdout: false },
  { name: 'https', loadedByStdout: false },
  { name: 'http2', loadedByStdout: false },
  { name: 'net', loadedByStdout: true },
  { name: 'tls', loadedByStdout: false },
  { name: 'crypto', loadedByStdout: false },
];

/**
 * Holds the figures against the targets.
 *
 * @param figures - of one run
 * @param peers - names of the peers that took part
 * @returns a verdict per target that this run can judge
 */
export function verdicts(figures: Figures, peers: readonly string[]): Verdict[] {
  return [
    ...warmVerdicts(figures, peers),
    ...coldVerdicts(figures, peers),
    ...exactVerdicts(figures),
    ...(figures.batches ? batchVerdicts(figures.batches) : []),
  ];
}

function* warmVerdicts({ warm, pairs, cold }: Figures, peers: readonly string[]): Generator<Verdict> {
  const ratios = (scenario: WarmScenario) => (name: string) => warm[scenario]?.[name]?.ratio.median;
  const logging = variants(Object.keys(warm.valid ?? {}), true);
  const silent = variants(Object.keys(warm.valid ?? {}), false);

  yield* atMost('warm, one log line: ≤ 3.5 × bare (stretch 2.0)', 3.5, logging, ratios('valid'), times);
  yield* atMost('warm, nothing logged: ≤ 1.6 × bare', 1.6, silent, ratios('valid'), times);
  const fastest = Math.min(...peers.map((peer) => warm.valid?.[peer]?.micros.median ?? Infinity));
  if (Number.isFinite(fastest)) {
    const share = (name: string): number | undefined => over(warm.valid?.[name]?.micros.median, fastest);
    yield* atMost(
      'warm, one log line: ahead of every peer',
      1,
      logging,
      share,
      (value) => `${value.toFixed(2)} of the fastest`,
    );
  }
  yield* atMost(
    'failed validation, one log line: ≤ 2.0 × the bare refusal',
    2,
    logging,
    ratios('invalid'),
    times,
  );
  yield* atMost(
    'failed validation, nothing logged: ≤ 2.0 × the bare refusal',
    2,
    silent,
    ratios('invalid'),
    times,
  );

  const early = (name: string): number | undefined => cold[name]?.earlyRatio;
  yield* atMost('first 300 invocations, nothing logged: ≤ 2.25 × bare', 2.25, silent, early, times);
  yield* atMost('first 300 invocations, one log line: ≤ 5 × bare', 5, logging, early, times);

  yield* atMost(
    'router of 100 routes: ≤ 1.2 × one route',
    1.2,
    ['router'],
    () => pairs.router?.ratio.median,
    times,
  );
  yield* atMost(
    '1 MB JSON body: ≤ 1.2 × JSON.parse',
    1.2,
    ['large body'],
    () => pairs.largeBody?.ratio.median,
    times,
  );
}

function* coldVerdicts({ cold }: Figures, peers: readonly string[]): Generator<Verdict> {
  const fastest = Math.min(...peers.map((peer) => cold[peer]?.millis.median ?? Infinity));
  if (!Number.isFinite(fastest)) return;
  const share = (name: string): number | undefined => over(cold[name]?.millis.median, fastest);
  const without = ['ours-ajv-silent', 'ours-valibot-silent', 'ours-mini-silent'];
  yield* atMost('cold CPU without logger: ≤ 0.25 of the fastest peer', 0.25, without, share, plain);
  yield* atMost('cold CPU with logger: ≤ 0.6 of the fastest peer', 0.6, ['ours-ajv'], share, plain);
  yield* atMost('cold CPU with zod and logger: ≤ 0.95 of the fastest peer', 0.95, ['ours-zod'], share, plain);
}

function* exactVerdicts({ heap, bundles, builtins, instructions }: Figures): Generator<Verdict> {
  const names = Object.keys(heap);
  const heapRatio = (name: string): number | undefined => over(heap[name], heap['bare-silent']);
  yield* atMost(
    'heap per invocation, nothing logged: ≤ 3 × bare',
    3,
    variants(names, false),
    heapRatio,
    times,
  );

  const kilobytes = (name: string): number | undefined => over(bundles[name]?.bytes, KB);
  yield* atMost('bundle without logger: ≤ 25 KB', 25, ['ours-ajv-silent'], kilobytes, inKB);
  yield* atMost('bundle with logger: ≤ 50 KB', 50, ['ours-ajv'], kilobytes, inKB);

  if (variants(names, undefined).length > 0) {
    const found = heavyBuiltins
      .filter(({ name, loadedByStdout }) =>
        variants(names, loadedByStdout ? false : undefined).some((own) =>
          builtins[own]?.byImport.includes(name),
        ),
      )
      .map(({ name }) => name.replace(/^.*\//, ''));
    const figure = found.length === 0 ? 'none of them' : found.join(', ');
    yield { target: 'import loads no undici, http, https, net, crypto', figure, met: found.length === 0 };
  }

  if (!instructions) return;
  const counted = (name: string): number | undefined => instructions[name];
  const limits = {
    'ours-ajv-silent': 8,
    'ours-mini-silent': 18,
    'ours-zod-silent': 55,
    'ours-ajv': 70,
    'ours-zod': 120,
  };
  for (const [name, limit] of Object.entries(limits)) {
    yield* atMost(`cold instructions over bare, ${name}: ≤ ${limit} M`, limit, [name], counted, inMillions);
  }
}

/** One verdict on all variants together: met when each of them meets it. */
function* atMost(
  target: string,
  limit: number,
  names: readonly string[],
  figureOf: (name: string) => number | undefined,
  show: (value: number) => string,
): Generator<Verdict> {
  const figures = names.flatMap((name) => {
    const value = figureOf(name);
    return value === undefined ? [] : [{ name, value }];
  });
  if (figures.length === 0) return;
  const figure = figures.map(({ name, value }) => `${short(name)} ${show(value)}`).join(', ');
  yield { target, figure, met: figures.every(({ value }) => value <= limit) };
}

function variants(names: readonly string[], logs: boolean | undefined): string[] {
  return names.filter(
    (name) => name.startsWith('ours-') && (logs === undefined || name.endsWith('-silent') !== logs),
  );
}

const short = (name: string): string => name.replace(/^ours-/, '').replace(/-silent$/, '');

const inKB = (value: number): string => `${value.toFixed(1)} KB`;

const inMillions = (value: number): string => `${value.toFixed(1)} M`;

const plain = (value: number): string => value.toFixed(2);

const times = (value: number): string => `${value.toFixed(2)} ×`;

function over(value: number | undefined, divisor: number | undefined): number | undefined {
  return value === undefined || divisor === undefined ? undefined : value / divisor;
}
