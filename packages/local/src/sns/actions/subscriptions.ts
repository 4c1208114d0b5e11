/**
 * Who gets the messages of a topic.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';

import { invalid, notImplemented } from '../errors.ts';
import { filterPolicy } from '../filter.ts';
import { isLoopback } from '../http.ts';
import { mapIn, required } from '../query.ts';
import type { Query } from '../query.ts';
import { isFifo } from '../service.ts';
import type { Actions, SnsService } from '../service.ts';
import type { Protocol, Subscription } from '../store.ts';
import type { Output } from '../xml.ts';
import { paged } from './page.ts';

const PENDING = 'pending confirmation';
/** Attributes that can be set; the empty string unsets them. */
const SETTABLE: ReadonlySet<string> = new Set([
  'RawMessageDelivery',
  'FilterPolicy',
  'FilterPolicyScope',
  'RedrivePolicy',
  'DeliveryPolicy',
]);

export const subscriptionActions: Actions = {
  Subscribe: {
    parameters: ['TopicArn', 'Protocol', 'Endpoint', 'Attributes', 'ReturnSubscriptionArn'],
    run: subscribe,
  },
  ConfirmSubscription: {
    parameters: ['TopicArn', 'Token', 'AuthenticateOnUnsubscribe'],
    run({ store }, query) {
      const token = required(query, 'Token');
      const found = store.of(store.topic(required(query, 'TopicArn')).arn).find((one) => one.token === token);
      if (found === undefined) throw invalid('Token');
      const { token: _, ...subscription } = found;
      store.commit([{ did: 'subscription', subscription }]);
      return { SubscriptionArn: subscription.arn };
    },
  },
  Unsubscribe: {
    parameters: ['SubscriptionArn'],
    run({ store }, query) {
      const arn = required(query, 'SubscriptionArn');
      // Ending what is not there is no error.
      if (store.subscriptions.has(arn)) store.commit([{ did: 'unsubscribe', arn }]);
      return undefined;
    },
  },
  ListSubscriptions: {
    parameters: ['NextToken'],
    run: (service, query) => listed(service, query, [...service.store.subscriptions.keys()]),
  },
  ListSubscriptionsByTopic: {
    parameters: ['TopicArn', 'NextToken'],
    run: (service, query) =>
      listed(
        service,
        query,
        service.store.of(service.store.topic(required(query, 'TopicArn')).arn).map(({ arn }) => arn),
      ),
  },
  GetSubscriptionAttributes: {
    parameters: ['SubscriptionArn'],
    run({ store, accountId }, query) {
      const { arn, topicArn, protocol, endpoint, attributes, token } = store.subscription(
        required(query, 'SubscriptionArn'),
      );
      return {
        Attributes: new Map(
          Object.entries({
            SubscriptionArn: arn,
            TopicArn: topicArn,
            Owner: accountId,
            Protocol: protocol,
            Endpoint: endpoint,
            PendingConfirmation: String(token !== undefined),
            ConfirmationWasAuthenticated: String(token === undefined),
            RawMessageDelivery: 'false',
            ...(attributes['FilterPolicy'] !== undefined && { FilterPolicyScope: 'MessageAttributes' }),
            ...attributes,
          }),
        ),
      };
    },
  },
  SetSubscriptionAttributes: {
    parameters: ['SubscriptionArn', 'AttributeName', 'AttributeValue'],
    run({ store }, query) {
      const subscription = store.subscription(required(query, 'SubscriptionArn'));
      const given = { [required(query, 'AttributeName')]: query.get('AttributeValue') ?? '' };
      const attributes = checkedAttributes(subscription.protocol, { ...subscription.attributes, ...given });
      store.commit([{ did: 'subscription', subscription: { ...subscription, attributes } }]);
      return undefined;
    },
  },
};

function subscribe(service: SnsService, query: Query): Output {
  const { store } = service;
  const topic = store.topic(required(query, 'TopicArn'));
  const protocol = protocolIn(query);
  const endpoint = required(query, 'Endpoint');
  checkEndpoint(topic.arn, protocol, endpoint);
  const attributes = checkedAttributes(protocol, mapIn(query, 'Attributes'));
  const answer = ({ arn, token }: Subscription): Output => ({
    SubscriptionArn: token === undefined || query.get('ReturnSubscriptionArn') === 'true' ? arn : PENDING,
  });

  const existing = store.of(topic.arn).find((one) => one.protocol === protocol && one.endpoint === endpoint);
  if (existing !== undefined) {
    if (Object.entries(attributes).some(([name, value]) => existing.attributes[name] !== value)) {
      throw invalid('Attributes Reason: Subscription already exists with different attributes');
    }
    return answer(existing);
  }
  const asks = protocol === 'http' || protocol === 'https';
  const subscription: Subscription = {
    arn: `${topic.arn}:${randomUUID()}`,
    topicArn: topic.arn,
    protocol,
    endpoint,
    attributes,
    ...(asks && { token: randomUUID().replaceAll('-', '') }),
  };
  store.commit([{ did: 'subscription', subscription }]);
  if (asks) service.courier.askToConfirm(subscription);
  return answer(subscription);
}

function protocolIn(query: Query): Protocol {
  const protocol = required(query, 'Protocol');
  switch (protocol) {
    case 'sqs':
    case 'lambda':
    case 'http':
    case 'https':
      return protocol;
    case 'email':
    case 'email-json':
    case 'sms':
    case 'application':
    case 'firehose':
      throw notImplemented(`subscriptions by ${protocol}`);
    default:
      throw invalid(`Does not support this protocol string: ${protocol}`);
  }
}

function checkEndpoint(topicArn: string, protocol: Protocol, endpoint: string): void {
  if (protocol === 'sqs') {
    if (!/^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w-]+(?:\.fifo)?$/u.test(endpoint)) {
      throw invalid(`SQS endpoint ARN`);
    }
    if (isFifo(endpoint) && !isFifo(topicArn)) {
      throw invalid('Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics');
    }
    return;
  }
  if (isFifo(topicArn)) throw invalid(`Invalid protocol type: ${protocol}`);
  if (protocol === 'lambda') {
    if (!/^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?$/u.test(endpoint)) {
      throw invalid('Lambda endpoint ARN');
    }
    return;
  }
  if (!URL.canParse(endpoint) || new URL(endpoint).protocol !== `${protocol}:`) {
    throw invalid('Endpoint must match the specified protocol');
  }
  if (!isLoopback(endpoint)) throw notImplemented(`endpoints outside this machine, such as ${endpoint}`);
}

/** The attributes as they are kept: without the empty ones. */
function checkedAttributes(
  protocol: Protocol,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const attributes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  const unknown = Object.keys(given).find((name) => !SETTABLE.has(name));
  if (unknown !== undefined) throw invalid(`AttributeName: ${unknown}`);
  const {
    FilterPolicy,
    FilterPolicyScope: scope = 'MessageAttributes',
    RawMessageDelivery: raw,
    RedrivePolicy,
  } = attributes;
  if (scope !== 'MessageAttributes' && scope !== 'MessageBody') {
    throw invalid(
      `FilterPolicyScope: Invalid value [${scope}]. Please use either MessageBody or MessageAttributes`,
    );
  }
  if (FilterPolicy !== undefined) filterPolicy(FilterPolicy, scope);
  if (raw !== undefined && raw !== 'true' && raw !== 'false')
    throw invalid('RawMessageDelivery: must be true or false');
  if (raw === 'true' && protocol === 'lambda') {
    throw invalid('Delivery protocol [lambda] does not support raw message delivery.');
  }
  if (RedrivePolicy !== undefined) checkRedrive(RedrivePolicy);
  return attributes;
}

function checkRedrive(policy: string): void {
  try {
    const { deadLetterTargetArn } = JSON.parse(policy) as { deadLetterTargetArn?: unknown };
    if (typeof deadLetterTargetArn === 'string' && /^arn:aws[\w-]*:sqs:/u.test(deadLetterTargetArn)) return;
  } catch {
    // What follows says it.
  }
  throw invalid('RedrivePolicy: deadLetterTargetArn is not the ARN of a queue');
}

function listed({ store, accountId }: SnsService, query: Query, arns: readonly string[]): Output {
  const { page, token } = paged(query, arns);
  return {
    Subscriptions: page.map((one) => {
      const { arn, topicArn, protocol, endpoint, token: pending } = store.subscription(one);
      return {
        SubscriptionArn: pending === undefined ? arn : 'PendingConfirmation',
        Owner: accountId,
        Protocol: protocol,
        Endpoint: endpoint,
        TopicArn: topicArn,
      };
    }),
    NextToken: token,
  };
}
