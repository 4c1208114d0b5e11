import { setTimeout } from 'node:timers/promises';

import { httpHandler } from 'handlersmith/http';

export const handler = httpHandler({ deadlineMargin: 500 }, async ({ signal, remaining }) => {
  const budget = remaining(); // milliseconds until `signal` aborts
  await setTimeout(60_000, undefined, { signal }); // stands for a slow call that takes a signal
  return { budget };
});
