import { expect, test } from 'vitest';

import { startS3 } from '../s3/start.ts';
import { s3Caller } from './signed.ts';

test("a refusal is told in S3's own words, as people read them", async () => {
  await using s3 = await startS3();
  const call = s3Caller(s3);
  await call('PUT', '/album');
  const Statement = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: 'arn:aws:s3:::album/*',
  };
  await call('PUT', '/album', {
    query: { policy: '' },
    body: JSON.stringify({ Version: '2012-10-17', Statement }),
  });
  await expect(call('PUT', '/album/salt%26pepper', { body: 'x' })).rejects.toThrow(
    'on resource: "arn:aws:s3:::album/salt&pepper"',
  );
});
