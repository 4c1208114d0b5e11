/**
 * Application Load Balancers that forward to functions.
 *
 * @module
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
import type { AppGateway, AppRoute } from '../app.ts';
import { addTo, functionOf } from '../draft.ts';
import type { Draft } from '../draft.ts';
import type { Section } from '../section.ts';
import type { Resource } from '../stack.ts';

/** A load balancer waits as long as a function can run: its idle timeout is about bytes from clients. */
const LONGEST_WAIT_MS = 900_000;
/** After all rules. */
const LAST = Number.MAX_SAFE_INTEGER;

/** Each listener is a gateway: its rules by their priority, then its default action. */
export function readListeners(draft: Draft): void {
  const { stack } = draft;
  const rules = stack.resources
    .filter(({ type }) => type === 'AWS::ElasticLoadBalancingV2::ListenerRule')
    .map((resource) => ruleOf(resource, draft));
  for (const listener of stack.resources) {
    if (listener.type !== 'AWS::ElasticLoadBalancingV2::Listener') continue;
    const section = stack.section(listener);
    section.ignore(
      'AlpnPolicy',
      'Certificates',
      'ListenerAttributes',
      'LoadBalancerArn',
      'MutualAuthentication',
      'Port',
      'Protocol',
      'SslPolicy',
    );
    const usual = forwardsOf(section, 'DefaultActions', draft).map((target) => ({
      priority: LAST,
      target,
      patterns: ['*'],
      methods: ['ANY'],
      line: section.line,
    }));
    section.close();
    const own = rules.flat().filter((rule) => rule.listener === listener.identity.arn);
    const all = [...own, ...usual].toSorted((a, b) => a.priority - b.priority);
    if (all.length === 0) continue;

    const multiValueHeaders = all.some(({ target }) => target.multiValueHeaders);
    const gateway: AppGateway = {
      ...draft.declare(listener),
      kind: 'alb',
      stage: '',
      routes: [],
      binaryMediaTypes: [],
      multiValueHeaders,
    };
    draft.gateways.push(gateway);
    for (const { target, patterns, methods, line } of all) {
      for (const path of patterns) {
        for (const method of methods) {
          const route: AppRoute = {
            method,
            path,
            function: target.function,
            payloadVersion: '1.0',
            timeout: LONGEST_WAIT_MS,
            place: draft.place(line),
          };
          addTo(draft.routes, listener.id, route);
        }
      }
    }
  }
  for (const rule of rules.flat()) {
    if (stack.find(rule.listener, 'AWS::ElasticLoadBalancingV2::Listener') === undefined)
      stack.findings.error(rule.line, `a listener rule names no listener of this template: ${rule.listener}`);
  }
}

interface Target {
  readonly function: string;
  readonly multiValueHeaders: boolean;
}

interface Rule {
  readonly listener: string;
  readonly priority: number;
  readonly target: Target;
  readonly patterns: readonly string[];
  readonly methods: readonly string[];
  readonly line: number;
}

function ruleOf(resource: Resource, draft: Draft): readonly Rule[] {
  const section = draft.stack.section(resource);
  const listener = section.text('ListenerArn', { required: true }) ?? '';
  const priority = section.integer('Priority', { least: 1, most: 50_000 }) ?? LAST - 1;
  let patterns: readonly string[] = ['*'];
  let methods: readonly string[] = ['ANY'];
  for (const condition of section.sections('Conditions')) {
    const field = condition.text('Field');
    const values = condition.texts('Values');
    if (field === 'path-pattern') {
      const config = condition.section('PathPatternConfig');
      patterns = [...values, ...(config?.texts('Values') ?? [])];
    } else if (field === 'http-request-method') {
      const config = condition.section('HttpRequestMethodConfig');
      methods = [...values, ...(config?.texts('Values') ?? [])];
    } else {
      condition.unknown(
        'Field',
        `a condition on ${field ?? 'nothing'} is not played: it holds for every request`,
      );
      condition.drop();
    }
  }
  const targets = forwardsOf(section, 'Actions', draft);
  section.close();
  return targets.map((target) => ({ listener, priority, target, patterns, methods, line: resource.line }));
}

/** The functions that actions forward to. */
function forwardsOf(section: Section, name: string, draft: Draft): readonly Target[] {
  return section.sections(name).flatMap((action) => {
    const type = action.text('Type', { required: true });
    action.ignore('Order');
    if (type !== 'forward') {
      action.unknown('Type', `an action "${type ?? '?'}" is not played, left out`);
      action.drop();
      return [];
    }
    const groups = [
      action.text('TargetGroupArn'),
      ...(action
        .section('ForwardConfig')
        ?.sections('TargetGroups')
        .map((group) => {
          group.ignore('Weight');
          return group.text('TargetGroupArn');
        }) ?? []),
    ].filter((arn) => arn !== undefined);
    return [...new Set(groups)].flatMap((arn) => targetsOf(arn, action, draft));
  });
}

function targetsOf(arn: string, action: Section, draft: Draft): readonly Target[] {
  const group = draft.stack.find(arn, 'AWS::ElasticLoadBalancingV2::TargetGroup');
  const section = group && draft.stack.section(group);
  if (section?.text('TargetType') !== 'lambda') {
    action.unknown(undefined, `a target group that is not of type lambda is not played, left out: ${arn}`);
    return [];
  }
  const attributes = section
    .sections('TargetGroupAttributes')
    .map((each) => [each.text('Key'), each.text('Value')]);
  const multiValueHeaders = attributes.some(
    ([key, value]) => key === 'lambda.multi_value_headers.enabled' && value === 'true',
  );
  return section.sections('Targets').flatMap((target) => {
    const reference = target.text('Id', { required: true });
    const id = functionOf(reference, draft.stack);
    if (id === undefined && reference !== undefined)
      target.error('Id', `"Id" is no function of this template: ${reference}`);
    return id === undefined ? [] : [{ function: id, multiValueHeaders }];
  });
}
