/**
 * What becomes of asynchronous invocations: tries, age, destinations.
 *
 * @module
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
 */
import type { AppFunction } from '../app.ts';
import { functionIn, targetIn } from '../draft.ts';
import type { Draft } from '../draft.ts';
import type { Section } from '../section.ts';

export type Asynchronous = AppFunction['asynchronous'];

/** Lambda's defaults, in seconds where it is time; also the most there can be. */
const RETRIES = 2;
const AGE = { least: 60, most: 21_600 };

export function asynchronousOf(section: Section | undefined, draft: Draft): Asynchronous {
  const destinations = section?.section('DestinationConfig');
  const onSuccess = destinationOf(destinations?.section('OnSuccess'), draft);
  const onFailure = destinationOf(destinations?.section('OnFailure'), draft);
  return {
    retries: section?.integer('MaximumRetryAttempts', { least: 0, most: RETRIES }) ?? RETRIES,
    maximumAge: section?.integer('MaximumEventAgeInSeconds', { ...AGE, unit: 'seconds' }) ?? AGE.most,
    ...(onSuccess !== undefined && { onSuccess }),
    ...(onFailure !== undefined && { onFailure }),
  };
}

/** Those that `AWS::Lambda::EventInvokeConfig` resources declare, by the logical id of their function. */
export function invokeConfigs(draft: Draft): ReadonlyMap<string, Asynchronous> {
  const configs = new Map<string, Asynchronous>();
  for (const resource of draft.stack.resources) {
    if (resource.type !== 'AWS::Lambda::EventInvokeConfig') continue;
    const section = draft.stack.section(resource);
    section.ignore('Qualifier');
    const id = functionIn(section, 'FunctionName', draft);
    if (id !== undefined && configs.has(id))
      section.error(undefined, `"${id}" has a configuration for asynchronous invocations already`);
    if (id !== undefined) configs.set(id, asynchronousOf(section, draft));
    section.close();
  }
  return configs;
}

/** Where records of what was given up go: asynchronous events, batches of streams. */
export function destinationOf(section: Section | undefined, draft: Draft): string | undefined {
  if (section === undefined) return undefined;
  section.ignore('Type');
  if (!section.has('Destination'))
    section.unknown(undefined, 'SAM would make the destination; declare it, here it is left out');
  return targetIn(section, 'Destination', draft);
}
