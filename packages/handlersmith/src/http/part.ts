/**
 * The parts of a request that a route has schemas for, and their checks.
 *
 * @module
 */
import { type Check, type Checked, checkOf } from '../handler/schema.ts';
import { andThen } from '../handler/thenable.ts';
import { hasBody, isParsed } from './body.ts';
import { coercing } from './coercion.ts';
import type { HttpExchange } from './exchange.ts';
import { type FieldError, fieldErrors, Refusal, refuseFields } from './fault.ts';
import type { RouteOptions } from './options.ts';

/** Parts that come before the body: cheap to look at, and each tells its own errors. */
const plainParts = ['path', 'query', 'headers', 'cookies'] as const;

/** The names of the parts, as `run` gets them. */
export type PartName = (typeof plainParts)[number] | 'body' | 'claims';

/** Checks one part: stores the value in the exchange, or gives what to answer. */
type PartCheck = (exchange: HttpExchange) => PartOutcome | Promise<PartOutcome>;

type PartOutcome = readonly FieldError[] | Refusal | undefined;

/**
 * Makes the check of a route's requests, once, when the handler is built.
 *
 * @param name - the route's pattern, for messages about its options
 * @returns `undefined` where there is nothing to check; else a function that gives the refusal of a bad request.
 *   Wrong fields of all parts are told together
 * @throws TypeError when an option is no schema
 */
export function requestCheckOf(
  name: string,
  options: RouteOptions,
): ((exchange: HttpExchange) => Refusal | undefined | Promise<Refusal | undefined>) | undefined {
  const checks: PartCheck[] = [];
  if (options.claims !== undefined) checks.push(claimsCheck(checkOf(`${name}: claims`, options.claims)));
  for (const part of plainParts) {
    const schema = options[part];
    if (schema === undefined) continue;
    const check = checkOf(`${name}: ${part}`, schema);
    checks.push(plainCheck(part, part === 'path' || part === 'query' ? coercing(check) : check));
  }
  if (options.body !== undefined) checks.push(bodyCheck(checkOf(`${name}: body`, options.body)));
  return checks.length === 0 ? undefined : (exchange) => runChecks(checks, 0, exchange, undefined);
}

/** Goes through the checks without a promise as long as none of them needs one. */
function runChecks(
  checks: readonly PartCheck[],
  from: number,
  exchange: HttpExchange,
  found: readonly FieldError[] | undefined,
): Refusal | undefined | Promise<Refusal | undefined> {
  let errors = found;
  for (let index = from; index < checks.length; index++) {
    const outcome = checks[index]?.(exchange);
    if (outcome instanceof Promise) {
      return outcome.then((settled) => {
        if (isRefusal(settled)) return settled;
        return runChecks(
          checks,
          index + 1,
          exchange,
          settled === undefined ? errors : [...(errors ?? []), ...settled],
        );
      });
    }
    if (isRefusal(outcome)) return outcome;
    if (outcome !== undefined) errors = [...(errors ?? []), ...outcome];
  }
  return errors === undefined ? undefined : refuseFields(errors);
}

function isRefusal(outcome: PartOutcome): outcome is Refusal {
  return outcome instanceof Refusal;
}

function plainCheck(
  part: (typeof plainParts)[number],
  check: (values: never) => Checked | Promise<Checked>,
): PartCheck {
  return (exchange) => {
    // Path parameters may be the event's own, or shared by requests, and Ajv functions fill defaults into what they are
    // given. The part's own type is what its check was made for.
    const checked = check((part === 'path' ? { ...exchange.path } : exchange[part]) as never);
    return checked instanceof Promise
      ? checked.then((settled) => keep(exchange, part, settled))
      : keep(exchange, part, checked);
  };
}

function keep(exchange: HttpExchange, part: PartName, checked: Checked): readonly FieldError[] | undefined {
  if (checked.issues !== undefined) return fieldErrors(part, checked.issues);
  exchange.keep(part, checked.value);
  return undefined;
}

function bodyCheck(check: Check): PartCheck {
  return (exchange) => {
    const present = hasBody(exchange.carried) || isParsed(exchange.carried);
    const settle = (checked: Checked): PartOutcome => {
      if (checked.issues !== undefined && !present) return new Refusal(400, 'The request has no body');
      return keep(exchange, 'body', checked);
    };
    try {
      const checked = check(present ? exchange.readBody() : undefined);
      // A vendor may try again asynchronously when its check throws: the error then comes as a rejection.
      return checked instanceof Promise ? checked.then(settle, refuseTooDeep) : settle(checked);
    } catch (error) {
      return refuseTooDeep(error);
    }
  };
}

/**
 * Parsing is iterative, schemas recurse: a body nested thousands deep ends the stack in the schema. Other errors, an
 * invalid date's range error too, are faults of the schema's own code.
 */
function refuseTooDeep(error: unknown): Refusal {
  if (error instanceof RangeError && error.message.includes('call stack'))
    return new Refusal(400, 'The body is nested too deeply');
  throw error;
}

function claimsCheck(check: Check): PartCheck {
  return (exchange) => {
    if (exchange.identity.kind === 'none') {
      return new Refusal(401, 'The request carries no identity', {
        headers: { 'www-authenticate': 'Bearer' },
      });
    }
    const settle = (checked: Checked): PartOutcome => {
      if (checked.issues !== undefined) return new Refusal(403, 'The caller lacks what this route asks for');
      exchange.keep('claims', checked.value);
      return undefined;
    };
    return andThen(check(structuredClone(exchange.claims)), settle); // a copy: an Ajv function may write into it
  };
}
