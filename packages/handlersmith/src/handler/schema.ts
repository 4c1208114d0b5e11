/**
 * What may serve as a schema, what it gives, and how a failed check is told.
 *
 * @module
 */
import validator from '@middy/validator';

import { isObject } from './object.ts';
import type { OptionRule } from './options.ts';
import { andThen } from './thenable.ts';

/**
 * A schema of any vendor that follows the Standard Schema interface (zod, valibot, arktype and others).
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * A validation function that Ajv compiled ahead of time (`ajv compile`, or `standalone` code).
 *
 * @see https://ajv.js.org/standalone.html
 */
export interface CompiledSchema<Output = unknown> {
  (data: unknown): data is Output;
  errors?: readonly CompiledIssue[] | null;
}

interface CompiledIssue {
  readonly instancePath?: string;
  readonly keyword?: string;
  readonly message?: string | undefined;
  readonly params?: object;
}

/** A Standard Schema of any vendor, or a precompiled Ajv function. */
export type Schema = StandardSchema | CompiledSchema;

/** What a schema gives after validation: defaults filled in, transforms applied. */
export type OutputOf<S> = S extends { readonly '~standard': { readonly types?: infer Types } }
  ? NonNullable<Types> extends { readonly output: infer Output }
    ? Output
    : unknown
  : S extends ((data: unknown) => data is infer Output)
    ? Output
    : unknown;

/** What a schema takes. */
export type InputOf<S> = S extends { readonly '~standard': { readonly types?: infer Types } }
  ? NonNullable<Types> extends { readonly input: infer Input }
    ? Input
    : unknown
  : OutputOf<S>;

/** One thing that is wrong with a value: where (a JSON Pointer, RFC 6901) and what. */
export interface Issue {
  readonly pointer: string;
  readonly message: string;
  /** True where the vendor says the value is of the wrong type altogether, not merely out of range. */
  readonly wrongType: boolean;
}

/** The outcome of a check: the value as the schema gives it, or what is wrong with it. */
export type Checked =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };

/** Checks a value against one schema. A promise only where the schema itself is asynchronous. */
export type Check = (value: unknown) => Checked | Promise<Checked>;

/**
 * Makes the check of one schema, once, when the handler is built.
 *
 * @param option - the option's name, for the message when `schema` is none
 * @param schema - a Standard Schema or a precompiled Ajv function
 * @throws TypeError when `schema` is neither, or an asynchronous Ajv function
 * @see https://standardschema.dev
 */
export function checkOf(option: string, schema: Schema): Check {
  if (isStandard(schema)) return standardCheck(schema);
  if (typeof schema === 'function') return compiledCheck(option, schema);
  throw new TypeError(`${option}: expected ${schemaRule.expected}, got ${typeof schema}`);
}

/** The rule for an option that is a schema. */
export const schemaRule: OptionRule = {
  expected: 'a Standard Schema or a precompiled Ajv function',
  accepts: isSchema,
};

/** Tells whether a value can serve as a schema. */
export function isSchema(value: unknown): value is Schema {
  return typeof value === 'function' || isStandard(value);
}

function isStandard(value: unknown): value is StandardSchema {
  if (!isObject(value) && typeof value !== 'function') return false;
  // Looked at, not trusted.
  return typeof (value as Partial<StandardSchema>)['~standard']?.validate === 'function';
}

/** What vendors add to an issue, each in their own way. */
interface VendorIssue extends StandardIssue {
  readonly code?: unknown;
  readonly kind?: unknown;
  readonly keys?: unknown;
  readonly received?: unknown;
  readonly actual?: unknown;
}

function standardCheck(schema: StandardSchema): Check {
  const { validate } = schema['~standard'];
  return (value) => andThen(validate(value), fromStandard);
}

function fromStandard(result: StandardResult<unknown>): Checked {
  if (result.issues === undefined) return result;
  return {
    issues: result.issues.flatMap((issue) =>
      placesOf(issue).map((path) => ({
        pointer: pointerOf(path),
        message: withoutValue(issue),
        wrongType: saysWrongType(issue),
      })),
    ),
  };
}

/**
 * What is wrong, without the value it is wrong with: valibot and arktype quote it at the end, and messages go to logs.
 */
function withoutValue({ message, received, actual }: VendorIssue): string {
  const value = received ?? actual;
  if (typeof value !== 'string' || value === '') return message;
  for (const tail of [` but received ${value}`, `: Received ${value}`, ` (was ${value})`]) {
    if (message.endsWith(tail)) return message.slice(0, -tail.length);
  }
  return value.startsWith('"') ? message.replaceAll(value, 'the value') : message;
}

/** Where an issue is. Zod tells fields nobody knows together, at the object that has them. */
function placesOf({ path = [], code, keys }: VendorIssue): NonNullable<StandardIssue['path']>[] {
  return code === 'unrecognized_keys' && Array.isArray(keys)
    ? keys.map((key: PropertyKey) => [...path, key])
    : [path];
}

/** Vendors name it each in their own way: zod by code, valibot by kind, arktype by code. */
function saysWrongType({ code, kind }: VendorIssue): boolean {
  return code === 'invalid_type' || code === 'domain' || kind === 'schema';
}

function pointerOf(path: NonNullable<StandardIssue['path']>): string {
  let pointer = '';
  for (const segment of path) {
    const key = typeof segment === 'object' ? segment.key : segment;
    pointer += `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  }
  return pointer;
}

/** What `@middy/validator` is given to look at: the value, and room for what is wrong with it. */
interface Looked {
  readonly value: unknown;
  issues: readonly Issue[] | undefined;
}

/**
 * Ajv functions go through `@middy/validator`. Two things are mended in what goes in: it takes any truthy answer as
 * success, a promise of `false` included, so the function is made to answer at once or fail loudly; and what is
 * wrong is noted, not thrown, since its error costs three times the whole refusal and hides the fields.
 */
function compiledCheck(option: string, schema: CompiledSchema): Check {
  // Ajv marks what it compiles in memory; standalone code of such a schema is merely an async function.
  if (Reflect.get(schema, '$async') === true || isAsyncFunction(schema)) throw asyncSchema(option);
  const eventSchema = (looked: Looked): boolean => {
    const valid: unknown = schema(looked.value);
    if (typeof valid !== 'boolean') throw asyncSchema(option);
    if (!valid) looked.issues = (schema.errors ?? []).map(fromCompiled);
    return true;
  };
  // The package's types know only Ajv's own function type and a whole Lambda request; it reads the event.
  const { before } = validator({ eventSchema: eventSchema as never }) as unknown as {
    before: (request: { event: Looked }) => void;
  };
  return (value) => {
    const looked: Looked = { value, issues: undefined };
    before({ event: looked });
    return looked.issues === undefined ? { value } : { issues: looked.issues };
  };
}

function fromCompiled(issue: CompiledIssue): Issue {
  return {
    pointer: issue.instancePath ?? '',
    message: issue.message ?? 'is not valid',
    wrongType: issue.keyword === 'type',
  };
}

function isAsyncFunction(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object AsyncFunction]';
}

function asyncSchema(option: string): TypeError {
  return new TypeError(
    `${option}: an asynchronous Ajv function cannot be used; compile the schema without $async`,
  );
}
