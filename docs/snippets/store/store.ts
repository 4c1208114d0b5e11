import { blobStore } from 'handlersmith/store';

export const photos = blobStore({
  bucket: process.env['PHOTOS_BUCKET'] ?? 'photos',
  table: process.env['PHOTOS_TABLE'] ?? 'photos',
  records: { table: process.env['WRITES_TABLE'] ?? 'writes' },
  rowKey: (id) => ({ id }),
});
