/**
 * What a function's resource says of its code: SAM's `CodeUri`, CloudFormation's `Code`, CDK's and esbuild's metadata.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import type { Draft } from '../draft.ts';
import { sectionOf } from '../section.ts';
import type { Section } from '../section.ts';
import type { Resource } from '../stack.ts';
import { textOf, valueOf } from '../tree.ts';
import { findSource } from './source.ts';
import type { Source } from './source.ts';

/** The source of a function. Where there is none, the finding names what was looked for. */
export function sourceOf(resource: Resource, section: Section, draft: Draft): Source | undefined {
  const handler = section.text('Handler');
  const given = givenFor(resource, draft);
  const place = placeOf(resource, section, given !== undefined, draft.file);
  if (place === undefined) return undefined;
  if (handler === undefined) {
    // A value that is no text, or could not be resolved, has its finding.
    if (!section.has('Handler')) section.error(undefined, '"Handler" is missing');
    return undefined;
  }
  if (!/^[^.\s]+\.\S+$/.test(basename(handler)) || handler.includes('..')) {
    section.error(
      'Handler',
      `"Handler" must be a module and an export, such as src/app.handler, got "${handler}"`,
    );
    return undefined;
  }
  const found = findSource({ template: draft.file, handler, given, ...place });
  if ('file' in found) return found;
  section.error(
    'Handler',
    `no source for the handler "${handler}"; looked for ${found.join(', ')}. Give its file with --source ${resource.id}=… or the option sources`,
  );
  return undefined;
}

function givenFor({ id, identity }: Resource, { sources }: Draft): string | undefined {
  const key = [id, identity.name].find((name) => Object.hasOwn(sources, name));
  return key === undefined ? undefined : sources[key];
}

interface CodePlace {
  readonly folder: string | undefined;
  readonly entries: readonly string[];
}

/** @returns nothing where there is no code to look for, which is told of */
function placeOf(
  resource: Resource,
  section: Section,
  isGiven: boolean,
  template: string,
): CodePlace | undefined {
  const metadata = resource.metadata;
  const isSam = resource.type === 'AWS::Serverless::Function';
  section.ignore('CodeUri', 'Code', 'InlineCode', 'ImageUri', 'ImageConfig');
  const packageType = section.text('PackageType', { of: ['Zip', 'Image'] });
  if (isGiven) return { folder: undefined, entries: [] };
  if (packageType === 'Image') {
    section.error('PackageType', 'a function in an image is not played; give its source as sources');
    return undefined;
  }

  const code = section.tree(isSam ? 'CodeUri' : 'Code');
  const inline = isSam ? section.tree('InlineCode') : valueOf(code, 'ZipFile');
  if (inline !== undefined) {
    section.error(isSam ? 'InlineCode' : 'Code', 'inline code is not played; give its source as sources');
    return undefined;
  }
  const asset = textOf(valueOf(metadata, 'aws:asset:path'));
  if (asset !== undefined) {
    const isThere = existsSync(resolve(dirname(template), asset)) && !asset.endsWith('.zip');
    return { folder: isThere ? asset : undefined, entries: [] };
  }
  // CDK names the artefact and the folder it is made of after the same hash.
  const [, hash] = /^([0-9a-f]{64})\.zip$/.exec(textOf(valueOf(code, 'S3Key')) ?? '') ?? [];
  if (hash !== undefined && existsSync(join(dirname(template), `asset.${hash}`)))
    return { folder: `asset.${hash}`, entries: [] };
  const said = textOf(valueOf(metadata, 'SourcePath'));
  const uri = textOf(code);
  if (code === undefined) {
    section.error(undefined, `"${isSam ? 'CodeUri' : 'Code'}" is missing`);
    return undefined;
  }
  const isArtefact = uri === undefined || /^(?:s3|https?):\/\/|\.(?:zip|jar)$/.test(uri);
  return {
    folder: isArtefact ? undefined : uri,
    entries: said === undefined ? entriesOf(resource, section) : [said],
  };
}

/** Entry points of SAM's own esbuild build. */
function entriesOf({ id, metadata }: Resource, section: Section): readonly string[] {
  if (textOf(valueOf(metadata, 'BuildMethod')) !== 'esbuild') return [];
  const findings = {
    error: (_: number, message: string) => section.error(undefined, message),
    unknown: () => {},
  };
  return sectionOf(valueOf(metadata, 'BuildProperties'), `${id}.Metadata`, findings).texts('EntryPoints');
}
