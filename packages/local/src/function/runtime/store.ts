/**
 * The invocation that runs, for libraries that look for it.
 *
 * @module
 * @see https://github.com/awslabs/aws-lambda-invoke-store
 */

/** What libraries find as `awslambda.InvokeStore`. */
export interface InvokeStore {
  getContext(): Record<string | symbol, unknown> | undefined;
  hasContext(): boolean;
  get(key: string | symbol): unknown;
  set(key: string | symbol, value: unknown): void;
  readonly getRequestId: () => string;
  getXRayTraceId(): string | undefined;
  getTenantId(): string | undefined;
  run<T>(context: Record<string | symbol, unknown>, work: () => T): T;
}

const REQUEST_ID: unique symbol = Symbol.for('_AWS_LAMBDA_REQUEST_ID') as never; // symbols of the registry are not unique to types
const TRACE_ID: unique symbol = Symbol.for('_AWS_LAMBDA_X_RAY_TRACE_ID') as never; // as above
const TENANT_ID: unique symbol = Symbol.for('_AWS_LAMBDA_TENANT_ID') as never; // as above
const PROTECTED: ReadonlySet<string | symbol> = new Set([REQUEST_ID, TRACE_ID, TENANT_ID]);

/** The context of an invocation in the store. */
export function storeContext(requestId: string, trace: string): Record<string | symbol, unknown> {
  return { [REQUEST_ID]: requestId, [TRACE_ID]: trace };
}

/** One invocation at a time: what is set is what runs. */
export function invokeStore(): InvokeStore {
  let current: Record<string | symbol, unknown> | undefined;
  const text = (key: symbol): string | undefined => {
    const value = current?.[key];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    getContext: () => current,
    hasContext: () => current !== undefined,
    get: (key) => current?.[key],
    set(key, value) {
      if (PROTECTED.has(key)) throw new Error(`Cannot modify protected Lambda context field: ${String(key)}`);
      current = { ...current, [key]: value };
    },
    getRequestId: () => text(REQUEST_ID) ?? '-',
    getXRayTraceId: () => text(TRACE_ID),
    getTenantId: () => text(TENANT_ID),
    run(context, work) {
      current = context;
      return work();
    },
  };
}
