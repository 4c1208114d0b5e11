import { httpStreamHandler, streamed } from 'handlersmith/http';

async function* rows(broken: boolean): AsyncGenerator<string> {
  yield 'a;1\n';
  await new Promise((resolve) => setTimeout(resolve, 5));
  if (broken) throw new Error('the database went away');
  yield 'b;2\n';
}

export const handler = httpStreamHandler({ service: 'rows' }, ({ query }) =>
  streamed(rows('broken' in query), { contentType: 'text/csv; charset=utf-8' }),
);
