import { expect, test } from 'vitest';

import { sendRaw } from '../../gateway/raw.fixture.ts';
import type { Events } from '../channel.ts';
import { startRuntimeApi } from './api.ts';

const nothing: Events = {
  ready: () => {},
  initFailed: () => {},
  settled: () => {},
  begin: () => {},
  chunk: () => {},
  line: () => {},
  output: () => {},
};

test.each([
  ['of another site', 'Host: 127.0.0.1\r\nSec-Fetch-Site: cross-site\r\n'],
  ['that says its origin', 'Host: 127.0.0.1\r\nOrigin: https://evil.example\r\n'],
  ['that had its own name point here', 'Host: evil.example\r\n'],
])('a web page %s gets no work, and the function gets it', async (_, headers) => {
  const api = await startRuntimeApi(nothing);
  try {
    api.invoke({ requestId: 'r1', trace: 't', arn: 'arn', deadline: 1, ahead: 0 }, '{"n":1}');
    const next = '/2018-06-01/runtime/invocation/next';
    const page = await sendRaw(
      `http://${api.address}`,
      `GET ${next} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`,
    );
    expect(page.status).toBe(404);
    const own = await sendRaw(
      `http://${api.address}`,
      `GET ${next} HTTP/1.1\r\nHost: ${api.address}\r\nConnection: close\r\n\r\n`,
    );
    expect(own.body).toContain('{"n":1}');
  } finally {
    await api.close();
  }
});
