/**
 * Routes of REST APIs that want an API key.
 *
 * @module
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
 */
import type { Draft } from '../draft.ts';
import { sectionOf } from '../section.ts';
import type { Section } from '../section.ts';
import type { Resource } from '../stack.ts';
import { textOf, valueOf } from '../tree.ts';

const NAME = 'ApiKeyRequired';

/** Whether an event of a SAM function, or its API for all of them, asks for a key. */
export function eventNeedsKey(auth: Section | undefined, api: Resource, draft: Draft): boolean {
  const ofApi = sectionOf(valueOf(api.properties, 'Auth'), `${api.id}.Auth`, draft.stack.findings, api.line);
  const isUsual = ofApi.flag(NAME) ?? false;
  const isWanted = auth?.flag(NAME) ?? isUsual;
  if (isWanted) tellOfKeys(auth?.has(NAME) === true ? auth : ofApi, api);
  return isWanted;
}

/** Whether a method asks for a key. */
export function methodNeedsKey(method: Section, api: Resource | undefined): boolean {
  const isWanted = method.flag(NAME) ?? false;
  if (isWanted) tellOfKeys(method, api);
  return isWanted;
}

function tellOfKeys(section: Section, api: Resource | undefined): void {
  const source = api && textOf(valueOf(api.properties, 'ApiKeySourceType'));
  section.unknown(
    NAME,
    source === 'AUTHORIZER'
      ? 'a key that an authorizer gives is not played: it is looked for in x-api-key'
      : 'keys and usage plans are not played: a request needs an x-api-key, and any will do',
  );
}
