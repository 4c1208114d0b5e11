/**
 * The sections of a template, as far as they are not read elsewhere.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
import type { Findings } from './findings.ts';
import { entriesOf, entryOf, textOf, valueOf } from './tree.ts';
import type { MapTree } from './tree.ts';

const sections: ReadonlySet<string> = new Set([
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Globals',
  'Hooks',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
  'Transform',
]);

const serverless = 'AWS::Serverless-2016-10-31';

/** Names sections that are not played, and transforms that run in AWS. */
export function checkSections(template: MapTree, findings: Findings): void {
  for (const [name, { line }] of template.entries) {
    if (!sections.has(name)) findings.error(line, `a template has no section "${name}"`);
  }
  const version = entryOf(template, 'AWSTemplateFormatVersion');
  if (version !== undefined && textOf(version.value) !== '2010-09-09')
    findings.error(version.line, 'AWSTemplateFormatVersion must be 2010-09-09');
  for (const name of ['Globals', 'Mappings', 'Conditions', 'Outputs', 'Parameters']) {
    const entry = entryOf(template, name);
    if (entry !== undefined && entry.value.kind !== 'map')
      findings.error(entry.line, `${name} must be a map`);
  }

  const hooks = entryOf(template, 'Hooks');
  if (hooks !== undefined) findings.unknown(hooks.line, 'Hooks are not played, left out');
  for (const [name, { line }] of entriesOf(valueOf(template, 'Rules'))) {
    // CDK's own asks which version of its toolkit an account has.
    if (name !== 'CheckBootstrapVersion') findings.unknown(line, `rule "${name}" is not checked here`);
  }

  const transforms = transformsOf(template);
  const line = entryOf(template, 'Transform')?.line ?? 1;
  for (const name of transforms) {
    if (name !== serverless && name !== 'AWS::LanguageExtensions')
      findings.unknown(line, `Transform ${name ?? 'with parameters'} runs in AWS, what it does is left out`);
  }
  const isSam = [...entriesOf(valueOf(template, 'Resources'))].find(
    ([, { value }]) => textOf(valueOf(value, 'Type'))?.startsWith('AWS::Serverless::') === true,
  );
  if (isSam !== undefined && !transforms.includes(serverless))
    findings.error(line, `${isSam[0]} is a resource of SAM: the template needs Transform: ${serverless}`);
}

function transformsOf(template: MapTree): readonly (string | undefined)[] {
  const transform = valueOf(template, 'Transform');
  if (transform === undefined) return [];
  return (transform.kind === 'list' ? transform.items : [transform]).map((item) => textOf(item));
}
