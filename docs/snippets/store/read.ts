import type { BlobReference } from 'handlersmith/store';

import { photos } from './store.ts';

interface Photo {
  readonly blob: BlobReference;
}

/** `get` reads the row: by `GetItem`, or whatever you have. */
export async function read(get: () => Promise<Photo | undefined>): Promise<Uint8Array | undefined> {
  const photo = await get();
  if (photo === undefined) return undefined;
  const opened = await photos.open(photo, { reread: get }); // replaced since: the new one
  return opened.bytes(); // checked; `for await (const chunk of opened)` gives them as they come
}
