/**
 * Reads the template that is deployed.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

import type { App } from './app.ts';
import { buildApp } from './build.ts';
import { draftOf } from './draft.ts';
import { findingsOf } from './findings.ts';
import { readStack } from './stack.ts';
import { map } from './tree.ts';

export interface ReadTemplateOptions {
  /** Values of the template's parameters, by name. Default: the template's own defaults. */
  parameters?: Readonly<Record<string, string>>;
  /** Default: `us-east-1`. */
  region?: string;
  /** Twelve digits. Default: `000000000000`. */
  accountId?: string;
  /** Where queues live: a queue's URL is this, the account and the name. Default: that of SQS in the region. */
  queueEndpoint?: string;
  /** Names of resources begin with it. Default: the name of the folder the template lies in. */
  stackName?: string;
  /**
   * Files of handlers, relative to the template, by logical id or name of the function. Needed where the template
   * names an artefact and the source is not where it is looked for.
   */
  sources?: Readonly<Record<string, string>>;
}

/**
 * Reads a SAM or CloudFormation template, in YAML or JSON, into what an app consists of.
 *
 * It reads on over everything that is wrong or not known, and says so in `findings`, with the line: whether to go on is
 * the caller's choice. Nothing is made or started.
 *
 * @param file - the template; as SAM, CDK and the Serverless Framework write it
 * @throws Error where the file cannot be read
 * @example
 * const app = await readTemplate('template.yaml', { parameters: { Stage: 'dev' } });
 * for (const { severity, message, place } of app.findings) console.log(`${place.line}: ${severity}: ${message}`);
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
 */
export async function readTemplate(file: string, options: ReadTemplateOptions = {}): Promise<App> {
  const path = resolve(file);
  const { region = 'us-east-1', accountId = '000000000000', parameters = {}, sources = {} } = options;
  const { queueEndpoint = `https://sqs.${region}.amazonaws.com` } = options;
  const stack = options.stackName ?? stackNameOf(path);

  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`readTemplate: cannot read the template: ${why}`, { cause });
  });
  const findings = findingsOf(path);
  // Tests that start services alone need no parser.
  const { readDocument } = await import('./document.ts');
  const document = readDocument(text, findings);
  // A text that is no template has its findings; there is no more to find in it.
  const silent = document === undefined ? { error: () => {}, unknown: () => {} } : findings;
  const surroundings = { stack, region, accountId, queueEndpoint, parameters };
  const resolved = readStack(document ?? map({}, 1), surroundings, silent);
  return buildApp(draftOf(resolved, path, sources), findings);
}

/** A name as CloudFormation takes it, from the folder; `.serverless` and `cdk.out` are not the app's. */
function stackNameOf(path: string): string {
  const folder = dirname(path);
  const inside = /^(?:\.serverless|cdk\.out|\.aws-sam|build)$/;
  let home = folder;
  while (inside.test(basename(home)) && dirname(home) !== home) home = dirname(home);
  const name = basename(home)
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^[^A-Za-z]+|-+$/g, '');
  return name === '' ? 'app' : name;
}
