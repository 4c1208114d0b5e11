import { httpStreamHandler, streamed } from 'handlersmith/http';

async function* rows(signal: AbortSignal): AsyncGenerator<string> {
  yield 'number,square\n';
  for (let number = 1; number <= 3 && !signal.aborted; number++) yield `${number},${number ** 2}\n`;
}

export const handler = httpStreamHandler({ service: 'export' }, ({ signal }) =>
  streamed(rows(signal), { contentType: 'text/csv; charset=utf-8' }),
);
