/**
 * Starts everything, takes the tour, ends everything.
 *
 * @module
 */
import { styleText } from 'node:util';

import { player, Unexpected } from './play.ts';
import { curlFor, startItemsApi } from './start.ts';
import { tour } from './tour.ts';

// Between the answers the log lines would only disturb; `dev` shows them.
process.env['POWERTOOLS_LOG_LEVEL'] ??= 'ERROR';

const api = await startItemsApi();
console.log(`items-api on ${api.url}, DynamoDB on ${api.dynamoDbUrl}\n`);
try {
  await tour(player(api.url));
  console.log(styleText('green', 'Every answer was as expected.'));
  console.log(
    `\n\`pnpm --filter @handlersmith/example-items-api run dev\` keeps it up. Then try:\n\n  ${curlFor('http://127.0.0.1:3000')}\n`,
  );
} catch (error) {
  if (!(error instanceof Unexpected)) throw error;
  console.error(styleText('red', `Not as expected. ${error.message}`, { stream: process.stderr }));
  process.exitCode = 1;
} finally {
  await api.stop();
}
