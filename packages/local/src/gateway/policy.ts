/**
 * The policy that a Lambda authorizer gives, held against one request.
 *
 * @module
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
import { wildcard } from '../service/wildcard.ts';
import { isRecord } from './answer.ts';

const ACTION = 'execute-api:Invoke';

/**
 * Whether a policy lets a request pass: one statement allows it, and none denies it.
 *
 * @param arn - of what is asked for
 * @returns undefined for what is no policy
 */
export function decision(policy: unknown, arn: string): boolean | undefined {
  if (!isRecord(policy)) return undefined;
  const statements = [policy['Statement']].flat().map(statementOf);
  if (statements.includes(undefined)) return undefined;
  const effects = new Set(
    statements.flatMap((one) => (one !== undefined && covers(one, arn) ? [one.effect] : [])),
  );
  return effects.has('Allow') && !effects.has('Deny');
}

interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

function statementOf(statement: unknown): Statement | undefined {
  if (!isRecord(statement)) return undefined;
  const { Effect: effect, Action, Resource } = statement;
  const [actions, resources] = [texts(Action), texts(Resource)];
  return (effect === 'Allow' || effect === 'Deny') && actions !== undefined && resources !== undefined
    ? { effect, actions, resources }
    : undefined;
}

function covers({ actions, resources }: Statement, arn: string): boolean {
  // Names of actions are written in any case.
  const isAction = actions.some((action) => wildcard(action.toLowerCase()).test(ACTION.toLowerCase()));
  return isAction && resources.some((resource) => wildcard(resource).test(arn));
}

function texts(value: unknown): string[] | undefined {
  const list: unknown[] = [value].flat();
  return list.every((one) => typeof one === 'string') ? list : undefined;
}
