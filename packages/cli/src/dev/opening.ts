/**
 * What is played: URLs, functions with their triggers, what was made, what was left out.
 *
 * @module
 */
import type { App, AppFunction, AppTrigger, LocalApp } from '@handlersmith/local';

import { findingLine, shownFile } from '../play/faults.ts';
import { durationText } from '../play/result.ts';
import type { Paint } from '../terminal.ts';

/** What there is to say beside the app itself. */
export interface Opening {
  readonly local: LocalApp;
  /** With its token. */
  readonly page: string | undefined;
  /** Where data is kept; undefined in memory. */
  readonly data: string | undefined;
  /** Milliseconds the start took. */
  readonly took: number;
  /** The folder that paths are shown from. */
  readonly folder: string;
}

/** For people. */
export function openingLines({ local, page, data, took, folder }: Opening, paint: Paint): string[] {
  const { app, urls } = local;
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', paint('bold', title), ...lines.map((line) => `  ${line}`)];
  const made = Object.entries(resourcesOf(app)).map(([kind, ids]) => `${kind.padEnd(8)} ${ids.join(', ')}`);
  return [
    `${paint('bold', app.name)} from ${shownFile(app.file, folder)}, started in ${durationText(took)}`,
    ...section('URLs', columns(Object.entries(urls).map(([id, url]) => [id, paint('cyan', url)]))),
    ...section(
      'Functions',
      columns(app.functions.flatMap((declared) => functionRows(declared, local, folder, paint))),
    ),
    ...section('Made', [...made, `data     ${data ?? 'in memory; --folder keeps it'}`]),
    ...section(
      'Left out',
      app.findings.map((finding) => paint('yellow', findingLine(finding, folder))),
    ),
    ...section('Page', page === undefined ? [] : [paint('cyan', page)]),
    '',
    paint('dim', 'Ctrl-C ends it.'),
  ];
}

/** The same for programs. */
export function openingData({ local, page, data, took }: Opening): object {
  const { app, urls } = local;
  return {
    type: 'started',
    name: app.name,
    template: app.file,
    urls,
    page: page ?? null,
    data: data ?? null,
    took: Math.round(took),
    functions: app.functions.map((declared) => ({
      id: declared.id,
      source: declared.source,
      triggers: triggersOf(declared, local),
    })),
    made: resourcesOf(app),
    outputs: app.outputs,
    findings: app.findings,
    environment: local.environment,
  };
}

function functionRows(
  declared: AppFunction,
  local: LocalApp,
  folder: string,
  paint: Paint,
): (readonly [string, string])[] {
  const source = paint('dim', `${shownFile(declared.source, folder)}, ${declared.exported}`);
  const triggers = triggersOf(declared, local).map((text) => ['', text] as const);
  return [[declared.id, source], ...triggers];
}

function triggersOf({ id }: AppFunction, { app, schedules }: LocalApp): string[] {
  const routes = app.gateways.flatMap((gateway) =>
    gateway.routes
      .filter((route) => route.function === id)
      .map(({ method, path }) => `${routeText(method, path)} of ${gateway.id}`),
  );
  const others = app.triggers
    .filter((trigger) => trigger.function === id)
    .map((trigger) => {
      const next = trigger.type === 'schedule' ? nextOf(trigger, schedules) : undefined;
      const when = next === undefined ? '' : `, next at ${next.toISOString().replace('.000', '')}`;
      return `${triggerText(trigger)}${when}${trigger.enabled ? '' : ' (disabled)'}`;
    });
  return [...routes, ...others];
}

function nextOf(trigger: AppTrigger, schedules: LocalApp['schedules']): Date | undefined {
  // Where two functions have a schedule of the same name, the second one has its function's before it.
  return (schedules.get(trigger.function + trigger.id) ?? schedules.get(trigger.id))?.next();
}

function routeText(method: string, path: string): string {
  if (path === '$default') return 'all other requests';
  return method === 'ANY' ? `all methods ${path}` : `${method} ${path}`;
}

function triggerText(trigger: AppTrigger): string {
  const { type } = trigger;
  if (type === 's3') {
    const { events, bucket, prefix = '', suffix = '' } = trigger;
    return `${events.join(', ')} in ${bucket}${prefix + suffix === '' ? '' : `, ${prefix}*${suffix}`}`;
  }
  if (type === 'schedule')
    return `${trigger.id}: ${trigger.expression}${trigger.timezone === 'UTC' ? '' : ` ${trigger.timezone}`}`;
  if (type === 'eventbridge') return `events of ${trigger.bus} like ${JSON.stringify(trigger.pattern)}`;
  return `${SOURCES[type]} ${resourceName(trigger.source)}`;
}

const SOURCES = { sqs: 'queue', sns: 'topic', dynamodb: 'table', kinesis: 'stream' } as const;

/** `orders` of `arn:aws:sqs:…:orders` and of `arn:aws:dynamodb:…:table/orders/stream/…`. */
function resourceName(arn: string): string {
  const last = arn.split(':').slice(5).join(':');
  return last.split('/')[1] ?? last;
}

function resourcesOf({ tables, buckets, queues, topics, streams }: App): Record<string, string[]> {
  const kinds = { tables, buckets, queues, topics, streams };
  return Object.fromEntries(
    Object.entries(kinds)
      .filter(([, list]) => list.length > 0)
      .map(([kind, list]) => [kind, list.map(({ id }) => id)]),
  );
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([cell]) => cell.length));
  return rows.map(([cell, text]) => `${cell.padEnd(width)}  ${text}`);
}
