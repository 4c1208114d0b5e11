import { expect, test } from 'vitest';

import { play } from './function.fixture.ts';

test('a function that writes nonsense where the runtime speaks ends itself, not the process that plays it', async () => {
  const played = await play(`
    import { writeSync } from 'node:fs';
    export const handler = async (event: { fine?: true }) => {
      if (event.fine) return 'fine';
      const nonsense = Buffer.from('\\u0004\\0\\0\\0\\0\\u0005\\u0008\\0\\0\\0\\0\\0\\0\\0nope');
      nonsense.writeUInt32LE(nonsense.length - 10, 6);
      writeSync(4, nonsense);
      await new Promise((done) => setTimeout(done, 2_000));
      return 'late';
    };
  `);
  expect(await played.call()).toMatchObject({ ok: false });
  expect(await played.call({ fine: true })).toMatchObject({ ok: true, payload: '"fine"' });
});
