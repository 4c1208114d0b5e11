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

export const shared = { service: 'photos' } as const;

/** Bytes of a photo: Lambda takes 6 MB, of which base64 leaves three quarters. */
export const MOST_BYTES = 4_400_000;

// Marked as pure, so that each function's bundle has its own trigger in it and no other.
export const router = /* @__PURE__ */ httpRouter.extend({
  ...shared,
  bodyLimit: MOST_BYTES,
  cors: {
    origins: [process.env['ALLOWED_ORIGIN'] ?? 'https://app.example.com'],
    exposeHeaders: ['location', 'idempotency-replayed'],
    maxAge: 600,
  },
});
export const s3 = /* @__PURE__ */ s3Handler.extend({ ...shared, concurrency: 4 });
export const sqs = /* @__PURE__ */ sqsHandler.extend({ ...shared, concurrency: 4 });
export const stream = /* @__PURE__ */ streamHandler.extend(shared);
export const cron = /* @__PURE__ */ cronHandler.extend(shared);
