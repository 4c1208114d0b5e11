/**
 * Reading a bucket policy: what this server can hold requests against, and nothing that it would have to pass over.
 *
 * @module
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
import { notImplemented, S3Error } from './errors.ts';

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** Whether it speaks of everybody. Who else there might be, nobody here is. */
  readonly everybody: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** False where the list says what is not meant. */
  readonly listed: { readonly actions: boolean; readonly resources: boolean };
  readonly conditions: readonly Condition[];
}

const OPERATORS = ['Null', 'Bool', 'StringEquals', 'StringNotEquals'] as const;
/** In lower case: names of keys know no case. */
const KEYS = new Set([
  's3:if-match',
  's3:if-none-match',
  's3:objectcreationoperation',
  'aws:securetransport',
]);

export interface Condition {
  readonly operator: (typeof OPERATORS)[number];
  readonly key: string;
  readonly values: readonly string[];
}

/**
 * @throws S3Error `MalformedPolicy` where it is none, `NotImplemented` where it asks for a condition this server cannot
 * hold
 */
export function readPolicy(text: string): readonly Statement[] {
  const policy = parsed(text);
  if (!isRecord(policy)) throw malformed('Policies must be valid JSON and the first byte must be {');
  // As IAM has it where none is given.
  const { Version = '2008-10-17', Id: _, Statement: statements, ...others } = policy;
  if (Version !== '2012-10-17' && Version !== '2008-10-17') throw malformed('Policy has invalid version');
  refuse(others);
  const list = Array.isArray(statements) ? statements : [statements];
  if (list.length === 0) throw malformed('Missing required field Statement');
  return list.map(readStatement);
}

function readStatement(statement: unknown): Statement {
  if (!isRecord(statement)) throw malformed('Statement is invalid');
  const {
    Sid: _,
    Effect,
    Principal,
    NotPrincipal,
    Action,
    NotAction,
    Resource,
    NotResource,
    Condition: conditions,
    ...others
  } = statement;
  refuse(others);
  if (Effect !== 'Allow' && Effect !== 'Deny') throw malformed(`Invalid effect : ${String(Effect)}`);
  if (NotPrincipal !== undefined) throw notImplemented('policy element NotPrincipal');
  const everybody = isEverybody(Principal);
  // A deny that names somebody may mean whoever signs here.
  if (Effect === 'Deny' && !everybody)
    throw notImplemented('policy element Deny for a Principal other than "*"');
  return {
    effect: Effect,
    everybody,
    actions: texts('Action', Action ?? NotAction),
    resources: texts('Resource', Resource ?? NotResource),
    listed: { actions: Action !== undefined, resources: Resource !== undefined },
    // Nobody here is asked for the conditions of somebody else.
    conditions: everybody ? readConditions(conditions) : [],
  };
}

function readConditions(conditions: unknown): readonly Condition[] {
  if (conditions === undefined) return [];
  if (!isRecord(conditions)) throw malformed('Conditions must be an object');
  return Object.entries(conditions).flatMap(([name, keys]) => {
    const operator = OPERATORS.find((one) => one === name);
    if (operator === undefined) throw notImplemented(`policy condition ${name}`);
    if (!isRecord(keys)) throw malformed('Conditions must be an object');
    return Object.entries(keys).map(([key, values]): Condition => {
      if (!KEYS.has(key.toLowerCase())) throw notImplemented(`policy condition key ${key}`);
      return { operator, key: key.toLowerCase(), values: texts(key, values) };
    });
  });
}

function isEverybody(principal: unknown): boolean {
  if (principal === undefined) throw malformed('Missing required field Principal');
  if (principal === '*') return true;
  const accounts = isRecord(principal) ? principal['AWS'] : undefined;
  return accounts === '*' || (Array.isArray(accounts) && accounts.includes('*'));
}

/** One text or several; a condition may give a truth value or a number. */
function texts(name: string, value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((one) => {
    if (typeof one === 'string') return one;
    if (typeof one === 'boolean' || typeof one === 'number') return String(one);
    throw malformed(`Policy has invalid ${name}`);
  });
}

function refuse(others: Record<string, unknown>): void {
  const [name] = Object.keys(others);
  if (name !== undefined) throw malformed(`Unknown field ${name}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('Policies must be valid JSON and the first byte must be {');
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(message: string): S3Error {
  return new S3Error(400, 'MalformedPolicy', message);
}
