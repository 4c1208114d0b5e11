/**
 * Keeps the API up until Ctrl-C.
 *
 * @module
 */
import { curlFor, startItemsApi } from './start.ts';

const asked = process.env['PORT'];
const api = await startItemsApi({
  port: asked === undefined ? undefined : Number(asked),
  preferredPort: 3000,
});

console.log(`items-api on ${api.url}, DynamoDB on ${api.dynamoDbUrl}, all in memory. Ctrl-C ends it.`);
console.log(`\n  ${curlFor(api.url)}\n`);

let ending = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The second time somebody means it. DynamoDB ends with us either way.
    if (ending) process.exit(1);
    ending = true;
    void api.stop().then(() => process.exit(0));
  });
}
