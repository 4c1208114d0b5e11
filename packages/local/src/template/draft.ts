/**
 * An app while it is read: what the readers of resources add to.
 *
 * @module
 */
import type {
  AppBucket,
  AppFunction,
  AppGateway,
  AppQueue,
  AppRoute,
  AppStream,
  AppTable,
  AppTopic,
  AppTrigger,
  Declared,
  Place,
} from './app.ts';
import { unqualified } from './identity.ts';
import type { Section } from './section.ts';
import type { Resource, Stack } from './stack.ts';

export const functionTypes = ['AWS::Serverless::Function', 'AWS::Lambda::Function'] as const;

export interface Draft {
  readonly stack: Stack;
  readonly file: string;
  /** Files that hold functions, by logical id or name. */
  readonly sources: Readonly<Record<string, string>>;
  readonly functions: AppFunction[];
  readonly tables: AppTable[];
  readonly buckets: AppBucket[];
  readonly queues: AppQueue[];
  readonly topics: AppTopic[];
  readonly streams: AppStream[];
  readonly gateways: AppGateway[];
  readonly triggers: AppTrigger[];
  /** Routes by the logical id of their gateway, in the order of the template. */
  readonly routes: Map<string, AppRoute[]>;
  /** Subscriptions by the logical id of their topic. */
  readonly subscriptions: Map<string, AppTopic['subscriptions'][number][]>;
  place(line: number): Place;
  declare(resource: Resource): Declared;
}

export function draftOf(stack: Stack, file: string, sources: Readonly<Record<string, string>>): Draft {
  const place = (line: number): Place => ({ file, line });
  return {
    stack,
    file,
    sources,
    functions: [],
    tables: [],
    buckets: [],
    queues: [],
    topics: [],
    streams: [],
    gateways: [],
    triggers: [],
    routes: new Map(),
    subscriptions: new Map(),
    place,
    declare: ({ id, identity: { name, arn }, line }) => ({ id, name, arn, place: place(line) }),
  };
}

/** Adds to a list in a map, which it makes where there is none. */
export function addTo<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const items = lists.get(key) ?? [];
  items.push(item);
  lists.set(key, items);
}

/**
 * The function that a resolved reference means: a name, an ARN, a version's or alias's, an integration's address.
 *
 * @returns its logical id
 */
export function functionOf(reference: string | undefined, stack: Stack): string | undefined {
  if (reference === undefined) return undefined;
  const [, inner] =
    /:lambda:path\/[^/]+\/functions\/(.+?)\/(?:invocations|response-streaming-invocations)$/.exec(
      reference,
    ) ?? [];
  const target = inner ?? reference;
  const name = target.startsWith('arn:') ? unqualified(target) : (target.split(':')[0] ?? '');
  return stack.find(name, ...functionTypes)?.id;
}

/** The function that a property names. A property that names none of this template's is an error. */
export function functionIn(section: Section, name: string, draft: Draft): string | undefined {
  const reference = section.text(name, { required: true });
  if (reference === undefined) return undefined;
  const id = functionOf(reference, draft.stack);
  if (id === undefined) section.error(name, `"${name}" is no function of this template: ${reference}`);
  return id;
}

/** An ARN that something is sent to. One that is not of this template is told of, and left out. */
export function targetIn(section: Section | undefined, name: string, draft: Draft): string | undefined {
  const arn = section?.text(name);
  if (section === undefined || arn === undefined) return undefined;
  const isOurs =
    draft.stack.resources.some(({ identity }) => identity.arn === arn) ||
    functionOf(arn, draft.stack) !== undefined ||
    arn.endsWith(':event-bus/default');
  if (isOurs) return arn;
  section.unknown(name, `"${name}" is not of this template, left out: ${arn}`);
  return undefined;
}
