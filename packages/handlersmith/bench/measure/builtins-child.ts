/**
 * Tells which of Node's own modules a bundle loads: `builtins-child <bundle>`; the report goes to descriptor 3.
 *
 * @module
 */
import { eventFor } from '../job/events.ts';
import { loadHandler } from '../job/handler.ts';
import { makeContext } from '../job/lambda.ts';

/** Names without `node:`, in the order they were loaded. */
export interface BuiltinsReport {
  readonly byImport: readonly string[];
  readonly byFirstEvent: readonly string[];
}

/** Node keeps the list for its own tests; the types do not know it. */
interface ProcessWithLoadList {
  readonly moduleLoadList: readonly string[];
}

const [, , bundle = ''] = process.argv;
// The first import() loads what import() itself needs.
const emptyModule = 'data:text/javascript,';
await import(emptyModule);
const atStart = loaded();
const handler = await loadHandler(bundle);
const afterImport = loaded();
await handler(eventFor('valid'), makeContext());
const afterFirst = loaded();

const report: BuiltinsReport = {
  byImport: afterImport.filter((name) => !atStart.includes(name)),
  byFirstEvent: afterFirst.filter((name) => !afterImport.includes(name)),
};
process.getBuiltinModule('node:fs').writeSync(3, JSON.stringify(report));
process.exit(0);

function loaded(): string[] {
  const prefix = 'NativeModule ';
  const { moduleLoadList } = process as unknown as ProcessWithLoadList;
  return moduleLoadList
    .filter((entry) => entry.startsWith(prefix))
    .map((entry) => entry.slice(prefix.length));
}
