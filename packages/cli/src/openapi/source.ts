/**
 * What the document is made of: modules, each with the export that is its handler.
 *
 * @module
 */
import { extname, resolve } from 'node:path';

import type { App } from '@handlersmith/local';

import type { Input } from '../command.ts';
import { explained, findingLine } from '../play/faults.ts';
import { pairs } from '../play/options.ts';
import { findTemplate } from '../play/template.ts';
import { Failed } from '../problem.ts';

/** A handler to be looked at. */
export interface HandlerSource {
  /** What it is called where something is wrong with it, and where two schemas have one name. */
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  /** The folder that its code believes to be in. */
  readonly folder: string;
  readonly exported: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Sources {
  readonly handlers: readonly HandlerSource[];
  /** Whether it is an error that one of them has no routes. */
  readonly isChosen: boolean;
}

/**
 * Finds them.
 *
 * @throws WrongUse where there is no such file, Failed for a template with faults or without routes
 */
export async function findSources(input: Input, folder: string): Promise<Sources> {
  const [given = '.'] = input.arguments;
  const environment = pairs(input, 'env');
  const [, module = given, exported = 'handler'] = /^(.*)#([^#]*)$/.exec(given) ?? [];
  if (given.includes('#') || /^\.[cm]?[jt]sx?$/.test(extname(given))) {
    const file = findTemplate(module, folder);
    return {
      handlers: [{ name: given, file, folder: resolve(file, '..'), exported, environment }],
      isChosen: true,
    };
  }
  const template = findTemplate(given, folder);
  const { readTemplate, TemplateFault } = await import('@handlersmith/local');
  const app = await readTemplate(template, { parameters: pairs(input, 'parameter') });
  const errors = app.findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw explained(new TemplateFault(errors), folder);
  const handlers = behindGateways(app, environment);
  if (handlers.length > 0) return { handlers, isChosen: false };
  const [finding] = app.findings;
  const hint = finding === undefined ? '' : `\nLeft out, among others: ${findingLine(finding, folder)}`;
  throw new Failed(`No function of ${template} has a route.${hint}`);
}

/** Functions that requests come to, each source and export once. */
function behindGateways(app: App, environment: Readonly<Record<string, string>>): HandlerSource[] {
  const routed = new Set(app.gateways.flatMap(({ routes }) => routes.map((route) => route.function)));
  const found = new Map<string, HandlerSource>();
  for (const declared of app.functions) {
    const { id, source, folder, exported } = declared;
    const key = `${source}#${exported}`;
    if (!routed.has(id) || found.has(key)) continue;
    found.set(key, {
      name: id,
      file: source,
      folder,
      exported,
      environment: { AWS_REGION: app.region, ...declared.environment, ...environment },
    });
  }
  return [...found.values()];
}
