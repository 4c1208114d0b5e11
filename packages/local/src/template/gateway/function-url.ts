/**
 * Function URLs.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
 */
import type { AppGateway } from '../app.ts';
import { functionIn } from '../draft.ts';
import type { Draft } from '../draft.ts';
import type { Section } from '../section.ts';
import type { Resource } from '../stack.ts';
import { corsOf } from './cors.ts';
import { addRoute } from './route.ts';

/** A URL waits as long as a function can run. */
const LONGEST_WAIT_MS = 900_000;

export function readUrl(resource: Resource, draft: Draft): void {
  const section = draft.stack.section(resource);
  section.ignore('Qualifier');
  const target = functionIn(section, 'TargetFunctionArn', draft);
  if (target !== undefined) addUrl(section, resource, target, draft);
  section.close();
}

/**
 * @param section - the URL's properties, or `FunctionUrlConfig` of a SAM function
 * @param url - the resource, which SAM makes for its functions
 * @param target - logical id of the function
 */
export function addUrl(section: Section, url: Resource, target: string, draft: Draft): void {
  const auth = section.text('AuthType', { required: true, of: ['NONE', 'AWS_IAM'] });
  const streams = section.text('InvokeMode', { of: ['BUFFERED', 'RESPONSE_STREAM'] }) === 'RESPONSE_STREAM';
  const cors = corsOf(section.section('Cors'));
  const gateway: AppGateway = {
    ...draft.declare(url),
    kind: 'function-url',
    stage: '$default',
    routes: [],
    binaryMediaTypes: [],
    ...(cors !== undefined && { cors }),
    ...(streams && { streams }),
  };
  draft.gateways.push(gateway);
  const route = { method: 'ANY', path: '$default', function: target, payloadVersion: '2.0' as const };
  const authorizer = auth === 'AWS_IAM' ? { authorizer: { name: auth, kind: 'iam' as const } } : {};
  addRoute(
    url.id,
    { ...route, ...authorizer, timeout: LONGEST_WAIT_MS, place: draft.place(section.line) },
    draft,
  );
}
