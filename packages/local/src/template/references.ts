/**
 * What `Ref` and `Fn::GetAtt` give.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
 */
import type { DeclaredResource } from './declared.ts';
import type { Findings } from './findings.ts';
import type { Identity } from './identity.ts';
import type { Scope } from './intrinsic/scope.ts';
import type { Parameters } from './parameters.ts';
import { isPlayed, isQuiet } from './quiet.ts';
import type { Surroundings } from './stack.ts';
import { list, scalar, textOf, unresolved, valueOf } from './tree.ts';
import type { Tree } from './tree.ts';

interface Known {
  readonly surroundings: Surroundings;
  readonly parameters: Parameters;
  readonly findings: Findings;
  readonly declared: ReadonlyMap<string, DeclaredResource>;
  identityOf(resource: DeclaredResource): Identity;
  /** Whether the resource's condition holds. */
  isMade(resource: DeclaredResource): boolean;
  /** Told of each resource that is referred to. */
  onNeed(id: string): void;
}

export function references(known: Known): Pick<Scope, 'reference' | 'attribute'> {
  const { parameters, findings, declared, surroundings } = known;

  const made = (id: string, line: number): DeclaredResource | undefined => {
    const resource = declared.get(id);
    if (resource === undefined) {
      findings.error(line, `"${id}" is neither a parameter nor a resource of this template`);
      return undefined;
    }
    known.onNeed(id);
    if (known.isMade(resource)) return resource;
    findings.error(line, `"${id}" is not made: its condition "${resource.condition}" does not hold`);
    return undefined;
  };

  return {
    reference(name, line) {
      const pseudo = pseudoParameter(name, surroundings, line);
      if (pseudo !== undefined) return pseudo;
      if (name.startsWith('AWS::')) {
        findings.error(line, `"${name}" is no pseudo parameter`);
        return unresolved(line);
      }
      if (parameters.has(name)) return parameters.value(name, line);
      const [id = '', part] = name.split('.', 2);
      const resource = made(id, line);
      if (resource === undefined) return unresolved(line);
      if (part === undefined) return scalar(known.identityOf(resource).reference, line);
      const value = partMadeBySam(resource, part, known.identityOf(resource));
      if (value !== undefined) return scalar(value, line);
      findings.error(line, `Ref: "${name}" is nothing that SAM makes of ${id}`);
      return unresolved(line);
    },
    attribute(id, attribute, line) {
      const resource = made(id, line);
      if (resource === undefined) return unresolved(line);
      const identity = known.identityOf(resource);
      const value =
        attributeOf(resource, identity, attribute) ?? partMadeBySam(resource, attribute, identity);
      if (value !== undefined) return scalar(value, line);
      if (identity.attributes !== undefined) {
        findings.error(
          line,
          `${id} has no attribute "${attribute}"; ${resource.type} has ${Object.keys(identity.attributes).join(', ')}`,
        );
        return unresolved(line);
      }
      findings.unknown(line, `${id}.${attribute}: not known here, a stand-in is taken`);
      return scalar(`${identity.name}-${attribute}`, line);
    },
  };
}

function attributeOf({ type }: DeclaredResource, identity: Identity, attribute: string): string | undefined {
  const { attributes } = identity;
  if (attributes !== undefined)
    return Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
  if (attribute === 'Arn') return identity.arn;
  return attribute.endsWith('Id') && (isPlayed(type) || isQuiet(type)) ? identity.reference : undefined;
}

/** `!Ref Function.Alias` and the like: what SAM makes of one resource. */
function partMadeBySam(
  { type, properties }: DeclaredResource,
  part: string,
  identity: Identity,
): string | undefined {
  if (type === 'AWS::Serverless::Function') {
    if (part === 'Version') return `${identity.arn}:1`;
    const alias = textOf(valueOf(properties, 'AutoPublishAlias'));
    return part === 'Alias' && alias !== undefined ? `${identity.arn}:${alias}` : undefined;
  }
  if (part !== 'Stage') return undefined;
  if (type === 'AWS::Serverless::Api') return textOf(valueOf(properties, 'StageName')) ?? 'Prod';
  return type === 'AWS::Serverless::HttpApi'
    ? (textOf(valueOf(properties, 'StageName')) ?? '$default')
    : undefined;
}

function pseudoParameter(name: string, surroundings: Surroundings, line: number): Tree | undefined {
  const { stack, region, accountId } = surroundings;
  switch (name) {
    case 'AWS::AccountId':
      return scalar(accountId, line);
    case 'AWS::Region':
      return scalar(region, line);
    case 'AWS::Partition':
      return scalar('aws', line);
    case 'AWS::URLSuffix':
      return scalar('amazonaws.com', line);
    case 'AWS::StackName':
      return scalar(stack, line);
    case 'AWS::StackId':
      return scalar(`arn:aws:cloudformation:${region}:${accountId}:stack/${stack}/${stack}`, line);
    case 'AWS::NotificationARNs':
      return list([], line);
    case 'AWS::NoValue':
      return { kind: 'gap', why: 'no-value', line };
    default:
      return undefined;
  }
}
