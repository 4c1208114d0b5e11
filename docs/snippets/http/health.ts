import { httpHandler } from 'handlersmith/http';

let databaseIsThere = true;

export const handler = httpHandler(
  {
    health: {
      path: '/health',
      check: () => {
        if (!databaseIsThere) throw new Error('no database');
      },
    },
  },
  () => ({ hello: 'world' }),
);

// ---cut-after---
export function pullThePlug(): void {
  databaseIsThere = false;
}
