/**
 * What all functions of this service share. In a team of several services this file is a package.
 *
 * @module
 */
import { cronHandler } from 'handlersmith/cron';
import { httpRouter } from 'handlersmith/http';
import { s3Handler } from 'handlersmith/s3';
import { sqsHandler } from 'handlersmith/sqs';
import { streamHandler } from 'handlersmith/stream';

export const service = 'photos';

/** Bytes of a photo: Lambda takes 6 MB, of which base64 leaves three quarters. */
export const MOST_BYTES = 4_400_000;

/** The page that may call the API from a browser. */
const ORIGIN = process.env['ALLOWED_ORIGIN'] ?? 'https://app.example.com';

// Marked as pure, and made of plain values: each function's bundle has its own trigger in it and no other.
export const router = /* @__PURE__ */ httpRouter.extend({
  service,
  bodyLimit: MOST_BYTES,
  cors: { origins: [ORIGIN], exposeHeaders: ['location', 'idempotency-replayed'], maxAge: 600 },
});
export const s3 = /* @__PURE__ */ s3Handler.extend({ service, concurrency: 4 });
export const sqs = /* @__PURE__ */ sqsHandler.extend({ service, concurrency: 4 });
export const stream = /* @__PURE__ */ streamHandler.extend({ service });
export const cron = /* @__PURE__ */ cronHandler.extend({ service });
