import { photos } from './store.ts';

/** Takes what another service sends, of any length, in 15 MB of memory. */
export async function copy(url: string, idempotencyKey: string, signal: AbortSignal): Promise<string> {
  const { body, headers } = await fetch(url, { signal });
  if (body === null) throw new Error(`nothing came from ${url}`);
  const length = headers.get('content-length');
  const { id } = await photos.create({
    scope: 'copies',
    idempotencyKey,
    // What is known of it is held against what comes: a source that ends early is refused.
    body: { stream: body, ...(length === null ? {} : { length: Number(length) }) },
    fields: { url },
    row: (blob) => ({ size: blob.size, url }),
    respond: () => null,
    signal,
  });
  return id;
}
