import type { FunctionEnvironment } from '../handler/environment.ts';
import { isObject } from '../handler/object.ts';
import { checkOptions } from '../handler/options.ts';
/**
 * One route: what it takes, what it answers, what it runs.
 *
 * @module
 */
import { type Check, checkOf } from '../handler/schema.ts';
import { andThen } from '../handler/thenable.ts';
import { HttpAnswer } from './answer.ts';
import { answerOf } from './encode.ts';
import type { HttpExchange } from './exchange.ts';
import { type Refusal, refusalOfProblem } from './fault.ts';
import { servedOnce } from './idempotency.ts';
import type { HttpInput, HttpOutput } from './input.ts';
import { refuseLate } from './late.ts';
import { type RouteOptions, routeRules } from './options.ts';
import { requestCheckOf } from './part.ts';
import { HttpProblem } from './problem.ts';

/** A route of {@link httpRouter}. Make it with {@link route}. */
export interface Route<Path, Env extends FunctionEnvironment> {
  readonly options: RouteOptions;
  readonly run: (input: HttpInput<object, Path, Env>) => unknown;
}

/** A route that says nothing of its requests. */
export interface RouteFunction {
  /**
   * Makes a route of {@link httpRouter}: `path` is typed by the pattern it stands under, the rest by the schemas.
   *
   * @param options - schemas of the request's parts and of the answers
   * @param run - gets the validated request, returns a value (200), an answer or a problem
   * @returns the route, to be put into the router's table
   * @throws TypeError, when the router is built, naming a wrong option
   * @example
   * const handler = httpRouter({}, {
   *   'GET /items/{id}': route({ response: { 200: Item } }, async ({ path }) => (await items.get(path.id)) ?? notFound()),
   * });
   */
  <const Options extends RouteOptions, Path, Env extends FunctionEnvironment>(
    options: Options,
    run: (input: HttpInput<Options, Path, Env>) => HttpOutput<Options> | Promise<HttpOutput<Options>>,
  ): Route<Path, Env>;
  /**
   * A route without schemas.
   *
   * @param run - gets the request as it came
   */
  <Path, Env extends FunctionEnvironment>(
    run: (input: HttpInput<object, Path, Env>) => unknown,
  ): Route<Path, Env>;
}

/** Makes a route. See {@link RouteFunction}. */
export const route: RouteFunction = (
  optionsOrRun: RouteOptions | ((input: never) => unknown),
  run?: (input: never) => unknown,
) => {
  const options = typeof optionsOrRun === 'function' ? {} : optionsOrRun;
  const work = typeof optionsOrRun === 'function' ? optionsOrRun : run;
  // The overloads above say what `run` takes; here it is any function.
  return { options, run: work as (input: unknown) => unknown };
};

/** A route whose types have done their work. */
export interface AnyRoute {
  readonly options: RouteOptions;
  readonly run: (input: never) => unknown;
}

/** A route made ready, once, when the handler is built. */
export interface CompiledRoute {
  /** `GET /items/{id}`, or the factory's name where there is no pattern. */
  readonly pattern: string;
  readonly options: RouteOptions;
  readonly bodyLimit: number;
  /** Checks, runs, and checks the answer. A promise only where something in it is asynchronous. */
  readonly serve: (exchange: HttpExchange) => HttpAnswer | Refusal | Promise<HttpAnswer | Refusal>;
}

/** An answer that breaks the route's own word. */
class AnswerMismatch extends Error {
  override readonly name = 'AnswerMismatch';
}

/**
 * Makes a route ready.
 *
 * @throws TypeError naming the route and the wrong option
 */
export function compileRoute(pattern: string, definition: AnyRoute, bodyLimit: number): CompiledRoute {
  if (!isObject(definition))
    throw new TypeError(`${pattern}: expected what route(…) gives, got ${typeof definition}`);
  const { options } = definition;
  checkOptions(pattern, options, routeRules);
  if (typeof definition.run !== 'function')
    throw new TypeError(`${pattern}: expected a function to run, got ${typeof definition.run}`);
  const checkRequest = requestCheckOf(pattern, options);
  const finish = finisherOf(pattern, options.response);
  // The exchange is what HttpInput describes, its parts validated by the route's own schemas.
  const run = definition.run as unknown as (input: HttpExchange) => unknown;

  const work =
    options.idempotency === undefined
      ? (exchange: HttpExchange): ReturnType<CompiledRoute['serve']> => andThen(run(exchange), finish)
      : servedOnce(pattern, options.idempotency, run, finish);

  const runChecked = (
    exchange: HttpExchange,
    refusal: Refusal | undefined,
  ): ReturnType<CompiledRoute['serve']> => refusal ?? work(exchange);
  return {
    pattern,
    options,
    bodyLimit: options.bodyLimit ?? bodyLimit,
    serve: (exchange) => {
      const refusal = checkRequest?.(exchange);
      return refusal instanceof Promise
        ? refusal.then((settled) => {
            refuseLate(exchange);
            return runChecked(exchange, settled);
          })
        : runChecked(exchange, refusal);
    },
  };
}

type Finish = (returned: unknown) => HttpAnswer | Refusal | Promise<HttpAnswer | Refusal>;

/** A check of what will be sent: an Ajv function knows JSON only, and may write into what it is given. */
function ofJson(check: Check): Check {
  return (body) => {
    const isJson = isObject(body) && !(body instanceof Uint8Array);
    return check(isJson ? (JSON.parse(JSON.stringify(body)) as unknown) : body);
  };
}

function finisherOf(pattern: string, responses: RouteOptions['response']): Finish {
  const checks = new Map<number, Check>();
  for (const [status, schema] of Object.entries(responses ?? {})) {
    const check = checkOf(`${pattern}: response ${status}`, schema);
    checks.set(
      Number(status),
      typeof schema === 'function' && !('~standard' in schema) ? ofJson(check) : check,
    );
  }
  return (returned) => {
    if (returned instanceof HttpProblem) return refusalOfProblem(returned);
    const answer = answerOf(returned);
    const check = checks.get(answer.status);
    if (check === undefined) return answer;
    const settle = (checked: Awaited<ReturnType<Check>>): HttpAnswer => {
      if (checked.issues !== undefined) {
        const where = checked.issues
          .map(({ pointer, message }) => `${pointer || '/'}: ${message}`)
          .join('; ');
        throw new AnswerMismatch(
          `${pattern}: the ${answer.status} answer is not what its schema says: ${where}`,
        );
      }
      return new HttpAnswer(answer.status, checked.value, answer);
    };
    return andThen(check(answer.body), settle);
  };
}
