/**
 * Where an authorizer looks for who is asking.
 *
 * @module
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
import type { Section } from '../section.ts';

/** Headers that must be there, lower-case; `undefined` where nothing is declared. Other sources are told of. */
export function identityHeaders(section: Section): readonly string[] | undefined {
  const declared = [...samSources(section.section('Identity')), ...sources(section)];
  return section.has('Identity') || section.has('IdentitySource')
    ? declared.map((name) => name.toLowerCase())
    : undefined;
}

/** SAM's form: a header, or lists by kind. */
function samSources(identity: Section | undefined): readonly string[] {
  if (identity === undefined) return [];
  identity.ignore('ReauthorizeEvery');
  for (const name of ['Context', 'QueryStrings', 'StageVariables', 'ValidationExpression']) {
    if (identity.has(name)) identity.unknown(name, `"${name}" of an authorizer is not played here, left out`);
    identity.ignore(name);
  }
  return [...identity.texts('Header'), ...identity.texts('Headers')];
}

/** CloudFormation's form, such as `$request.header.Authorization` or `method.request.header.Authorization`. */
function sources(section: Section): readonly string[] {
  const all = section.texts('IdentitySource').flatMap((source) => source.split(','));
  return all.flatMap((source) => {
    const [, name] = /^(?:\$request|method\.request)\.header\.(.+)$/.exec(source.trim()) ?? [];
    if (name !== undefined) return [name];
    section.unknown('IdentitySource', `"${source.trim()}" is not played as a source of identity, left out`);
    return [];
  });
}
