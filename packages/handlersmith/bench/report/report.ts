/**
 * The report: ratios first, since only they carry over to another machine.
 *
 * @module
 */
import { baseOf, counterpartOf, type Candidate } from '../candidates.ts';
import { EARLY_INVOCATIONS } from '../measure/everything.ts';
import type { Figures } from '../measure/figures.ts';
import { batchSections } from './batches.ts';
import { table } from './table.ts';
import { verdicts } from './targets.ts';

const NONE = '–';

/**
 * Writes the report.
 *
 * @param candidates - who took part
 * @param figures - what came out
 * @returns Markdown that reads well in a terminal
 */
export function report(candidates: readonly Candidate[], figures: Figures): string {
  const shown = candidates.filter(({ name }) => name !== 'empty');
  const sections = [
    ['Warm, CPU per invocation', warmTable(shown, figures)],
    [`Cold start and the first ${EARLY_INVOCATIONS} invocations`, coldTable(shown, figures)],
    ['Peers, as multiples of ours', peerTable(shown, figures)],
    ...(figures.batches ? batchSections(figures.batches) : []),
    ['Targets', targetTable(shown, figures)],
  ] as const;
  const body = sections.filter(([, text]) => text !== '').map(([title, text]) => `## ${title}\n\n${text}`);
  return `${[preamble(figures), ...body].join('\n\n')}\n`;
}

function preamble({ machine, quick, pairs }: Figures): string {
  const lines = [
    `Node ${machine.node}, ${machine.cores} × ${machine.cpu}, ${machine.date}${quick ? ', quick run' : ''}.`,
    'Medians; the empty handler is taken off everywhere. Each row is held against the bare handler that logs as it does (early: that logs).',
  ];
  if (pairs.router)
    lines.push(`A router of 100 routes takes ${ratio(pairs.router.ratio.median)} the time of one route.`);
  if (pairs.largeBody)
    lines.push(`A 1 MB JSON body takes ${ratio(pairs.largeBody.ratio.median)} the time of \`JSON.parse\`.`);
  return lines.join('\n');
}

function warmTable(candidates: readonly Candidate[], { warm, heap }: Figures): string {
  if (candidates.length === 0) return '';
  const rows = ordered(candidates, (name) => warm.valid?.[name]?.micros.median).map((candidate) => {
    const { name } = candidate;
    const { micros, ratio: valid } = warm.valid?.[name] ?? {};
    return [
      candidate.title,
      fixed(micros?.median, 2),
      ratio(valid?.median),
      `± ${fixed(valid?.deviation, 2)}`,
      ratio(warm.invalid?.[name]?.ratio.median),
      ratio(warm.malformed?.[name]?.ratio.median),
      fixed(heap[name], 0),
      ratio(quotient(heap[name], heap[baseOf(candidate)])),
    ];
  });
  const head = [
    'candidate',
    'µs',
    'valid',
    '',
    'refused (schema)',
    'refused (not JSON)',
    'heap bytes',
    'heap',
  ];
  return table(head, rows);
}

function coldTable(
  candidates: readonly Candidate[],
  { cold, bundles, builtins, instructions }: Figures,
): string {
  if (candidates.length === 0) return '';
  const rows = ordered(candidates, (name) => cold[name]?.millis.median).map(({ name, title }) => {
    const figure = cold[name];
    return [
      title,
      fixed(quotient(bundles[name]?.bytes, 1024), 1),
      fixed(figure?.millis.median, 1),
      `± ${fixed(figure?.millis.deviation, 1)}`,
      fixed(figure?.millisOverBase, 1),
      fixed(figure?.importMillis, 1),
      fixed(quotient(figure?.residentBytes, 1024 * 1024), 1),
      fixed(figure?.earlyMicros, 0),
      ratio(figure?.earlyRatio),
      String(builtins[name]?.byImport.length ?? NONE),
      fixed(instructions?.[name], 1),
    ];
  });
  const head = [
    'candidate',
    'KB',
    'CPU ms',
    '',
    'over bare',
    'import ms',
    'RSS + MiB',
    'early µs',
    'early',
    'built-ins',
    'M instructions',
  ];
  return table(head, rows);
}

function peerTable(candidates: readonly Candidate[], { warm, cold, heap, bundles }: Figures): string {
  const rows = candidates
    .filter(({ role, name }) => role === 'peer' && warm.valid?.[counterpartOf(name)])
    .map(({ name, title }) => {
      const ours = counterpartOf(name);
      const compared = [
        quotient(warm.valid?.[name]?.micros.median, warm.valid?.[ours]?.micros.median),
        quotient(warm.invalid?.[name]?.micros.median, warm.invalid?.[ours]?.micros.median),
        quotient(cold[name]?.earlyMicros, cold[ours]?.earlyMicros),
        quotient(cold[name]?.millis.median, cold[ours]?.millis.median),
        quotient(heap[name], heap[ours]),
        quotient(bundles[name]?.bytes, bundles[ours]?.bytes),
      ];
      return [title, ours].concat(compared.map((value) => ratio(value)));
    });
  if (rows.length === 0) return '';
  return table(['peer', 'ours', 'valid', 'refused', 'early', 'cold', 'heap', 'bundle'], rows, 2);
}

function targetTable(candidates: readonly Candidate[], figures: Figures): string {
  const peers = candidates.filter(({ role }) => role === 'peer').map(({ name }) => name);
  const rows = verdicts(figures, peers).map(({ target, figure, met }) => [
    target,
    met ? 'met' : 'missed',
    figure,
  ]);
  return rows.length === 0 ? '' : table(['target', '', 'seen'], rows, 3);
}

function ordered(candidates: readonly Candidate[], by: (name: string) => number | undefined): Candidate[] {
  return candidates.toSorted((a, b) => (by(a.name) ?? 0) - (by(b.name) ?? 0));
}

function quotient(value: number | undefined, divisor: number | undefined): number | undefined {
  return value === undefined || divisor === undefined ? undefined : value / divisor;
}

const fixed = (value: number | undefined, digits: number): string => value?.toFixed(digits) ?? NONE;

const ratio = (value: number | undefined): string => (value === undefined ? NONE : `${value.toFixed(2)} ×`);
