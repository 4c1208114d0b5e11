/**
 * Lifecycle configurations: checked, kept and given back. Nothing expires by them.
 *
 * @module
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
import { malformedXml, S3Error } from './errors.ts';
import { newRequestId } from './ids.ts';
import { childOf, childrenOf, onlyChildren, textOf } from './xml-read.ts';
import type { Element } from './xml-read.ts';

const ACTIONS = [
  'AbortIncompleteMultipartUpload',
  'Expiration',
  'NoncurrentVersionExpiration',
  'NoncurrentVersionTransition',
  'Transition',
];
const MOST_RULES = 1000;

/**
 * @returns the configuration with an id for each rule that had none
 * @throws S3Error where it is none
 */
export function readLifecycle(root: Element): Element {
  onlyChildren(root, ['Rule']);
  if (
    root.name !== 'LifecycleConfiguration' ||
    root.children.length === 0 ||
    root.children.length > MOST_RULES
  )
    throw malformedXml();
  const rules = root.children.map((rule) => {
    onlyChildren(rule, ['ID', 'Filter', 'Prefix', 'Status', ...ACTIONS]);
    const status = textOf(rule, 'Status');
    if (status !== 'Enabled' && status !== 'Disabled') throw malformedXml();
    if (ACTIONS.every((action) => childrenOf(rule, action).length === 0))
      throw new S3Error(400, 'InvalidRequest', 'At least one action needs to be specified in a rule');
    return childOf(rule, 'ID') === undefined
      ? { ...rule, children: [{ name: 'ID', children: [], text: newRequestId() }, ...rule.children] }
      : rule;
  });
  const ids = rules.map((rule) => textOf(rule, 'ID'));
  if (new Set(ids).size < ids.length)
    throw new S3Error(400, 'InvalidArgument', 'Rule ID must be unique. Found same ID for more than one rule');
  return { ...root, children: rules };
}
