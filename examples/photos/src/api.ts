/**
 * The album over HTTP.
 *
 * @module
 */
import {
  badRequest,
  binary,
  created,
  type HttpProblem,
  noContent,
  notFound,
  ok,
  route,
  unsupportedMediaType,
} from 'handlersmith/http';
import { idempotencyKeyHeader } from 'handlersmith/idempotency';

import { album } from './album.ts';
import { cursorAfter } from './cursor.ts';
import { files } from './files.ts';
import { pictureTypeOf } from './kind.ts';
import { NewPhoto, Page, Photo, photoOf, PhotoPage, PhotoRow } from './schemas.ts';
import { photoTable } from './table.ts';
import { router } from './team.ts';

/** Until users sign in, all keys are of one scope. With an authorizer it is the caller: `identity`. */
const SCOPE = 'album';

const keyOf = idempotencyKeyHeader();

export const handler = router(
  { resources: () => ({ album: album(), table: photoTable(), files: files() }) },
  {
    // #region upload
    'POST /photos': route(
      { summary: 'Upload a photo', query: NewPhoto, consumes: 'bytes', response: { 201: Photo } },
      async ({ rawBody, query, headers, resources, signal, remaining, logger }) => {
        if (rawBody.length === 0)
          return badRequest('The body is empty: send the bytes of a JPEG or PNG file');
        const contentType = pictureTypeOf(rawBody);
        if (contentType === undefined)
          return unsupportedMediaType('The file is neither JPEG nor PNG, whatever its name says');
        const { response, headers: replayed } = await resources.album.create({
          scope: SCOPE,
          idempotencyKey: keyOf({ header: (name) => headers[name] }),
          operation: 'upload',
          body: rawBody,
          contentType,
          fields: query,
          row: (_, { startedAt }) => ({
            album: 'all',
            uploadedAt: startedAt.toISOString(),
            name: query.name,
          }),
          respond: (row) => photoOf(PhotoRow.parse(row)),
          signal,
          remaining,
          logger,
        });
        return created(response, { location: `/photos/${response.id}`, headers: replayed });
      },
    ),
    // #endregion upload

    'GET /photos': route(
      { summary: 'List photos, the newest first', query: Page, response: { 200: PhotoPage } },
      async ({ query, resources, signal }) => {
        const { rows, more } = await resources.table.list(
          { limit: query.limit, after: query.cursor },
          { signal },
        );
        const last = rows.at(-1);
        return { photos: rows.map(photoOf), ...(more && last && { cursor: cursorAfter(last) }) };
      },
    ),

    'GET /photos/{id}': route(
      { summary: 'What is known of a photo', response: { 200: Photo } },
      async ({ path, resources, signal }) => {
        const row = await resources.table.get(path.id, { signal });
        return row === undefined ? noPhoto(path.id) : ok(photoOf(row));
      },
    ),

    'GET /photos/{id}/image': route({ summary: 'The photo itself' }, async ({ path, resources, signal }) => {
      const row = await resources.table.get(path.id, { signal });
      if (row === undefined) return noPhoto(path.id);
      const opened = await resources.album.open(row, {
        signal,
        reread: () => resources.table.get(path.id, { signal }),
      });
      return binary(await opened.bytes(), { contentType: row.blob.contentType });
    }),

    'GET /photos/{id}/thumbnail': route(
      { summary: 'A small WebP of it' },
      async ({ path, resources, signal }) => {
        const row = await resources.table.get(path.id, { signal });
        if (row === undefined) return noPhoto(path.id);
        const bytes = row.thumbnail && (await resources.files.get(row.thumbnail.key, { signal }));
        return bytes === undefined
          ? notFound(`Photo ${path.id} has no thumbnail yet`)
          : binary(bytes, { contentType: 'image/webp' });
      },
    ),

    'DELETE /photos/{id}': route(
      { summary: 'Remove a photo' },
      async ({ path, resources, signal, remaining, logger }) => {
        await resources.album.remove({
          scope: SCOPE,
          // No id comes twice, so that it tells a retry from another removal.
          idempotencyKey: `remove ${path.id}`,
          operation: 'remove',
          id: path.id,
          respond: () => null,
          signal,
          remaining,
          logger,
        });
        return noContent();
      },
    ),
  },
);

function noPhoto(id: string): HttpProblem {
  return notFound(`No photo ${id}`);
}
