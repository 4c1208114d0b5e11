/**
 * Why a write was not done. Each says over HTTP what its caller needs to know, and in a batch whether its record is to
 * come again: a refusal is permanent, all else is not.
 *
 * @module
 */
import { RetryLater } from '../handler/later.ts';
import { PermanentFailure } from '../handler/permanent.ts';
import type { Step } from './attempt.ts';

/** A write that will be refused each time. The message is for the caller, and holds nothing private. */
class WriteRefused extends PermanentFailure {
  override readonly name: string = 'WriteRefused';
  readonly statusCode: number;
  /** The message is meant to be shown. */
  readonly expose = true;

  constructor(statusCode: number, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.statusCode = statusCode;
  }
}

/** 400: there is no idempotency key. */
export class KeyMissing extends WriteRefused {
  override readonly name = 'KeyMissing';

  constructor(operation: string) {
    super(
      400,
      `${operation}: expected an idempotency key, got none. Send one (over HTTP the header Idempotency-Key), the same with each retry.`,
    );
  }
}

/** 422: the key was used before, for something else. */
export class KeyReused extends WriteRefused {
  override readonly name = 'KeyReused';

  constructor(operation: string) {
    super(
      422,
      `${operation}: the idempotency key was used before, with another request. Nothing was done: give each request a key of its own.`,
    );
  }
}

/** 413: more bytes than the store takes. */
export class BlobTooLarge extends WriteRefused {
  override readonly name = 'BlobTooLarge';

  /** @param size - bytes, as far as they are known */
  constructor(operation: string, size: number, maxBytes: number) {
    super(413, `${operation}: expected at most ${maxBytes} bytes, got ${size}`);
  }
}

/** 400: the bytes are not what was said of them: more, fewer, or with another checksum. */
export class BlobMismatch extends WriteRefused {
  override readonly name = 'BlobMismatch';

  constructor(operation: string, what: string) {
    super(400, `${operation}: ${what}`);
  }
}

/**
 * 404: the upload was completed before its bytes were there. 410: it was begun too long ago, and its place is gone;
 * begin again.
 */
export class UploadMissing extends WriteRefused {
  override readonly name = 'UploadMissing';

  constructor(operation: string, statusCode: 404 | 410) {
    super(
      statusCode,
      statusCode === 404
        ? `${operation}: there is no upload of this key, or its bytes have not arrived. Upload first, then complete.`
        : `${operation}: the upload was begun too long ago. Begin it again with the same key.`,
    );
  }
}

/** 404: there is no row to replace or remove. */
export class RowMissing extends WriteRefused {
  override readonly name = 'RowMissing';

  constructor(operation: string, cause?: unknown) {
    super(404, `${operation}: there is no such row`, cause);
  }
}

/** 409: there is a row of that id already. 412: the row is not as the caller expects it. */
export class RowConflict extends WriteRefused {
  override readonly name = 'RowConflict';

  constructor(operation: string, statusCode: 409 | 412, cause?: unknown) {
    super(
      statusCode,
      statusCode === 409
        ? `${operation}: there is a row of this id already`
        : `${operation}: things are not as the request expects them. Read again, then decide.`,
      cause,
    );
  }
}

/** 409: another attempt with the same key is under way. Come back: it is then done, or may be tried. */
export class InProgress extends RetryLater {
  override readonly name = 'InProgress';

  /** @param retryAfter - seconds */
  constructor(operation: string, retryAfter: number) {
    super(409, `${operation}: the same request is being worked on. Come back for its answer.`, {
      retryAfter,
    });
  }
}

/** Seconds after which another try makes sense. */
const SOON_SECONDS = 1;

/**
 * 503: the write may have taken place or not. A retry with the same key finds out, or does it. Nothing was undone:
 * what is unknown may still come true.
 */
export class OutcomeUnknown extends RetryLater {
  override readonly name = 'OutcomeUnknown';
  /** Where the attempt ended. Before `'W3'` nothing can have been committed by it. */
  readonly step: Step;

  constructor(operation: string, step: Step, cause?: unknown) {
    super(503, `${operation}: not known to be done. Try again with the same idempotency key.`, {
      retryAfter: SOON_SECONDS,
      cause,
    });
    this.step = step;
  }
}

/** A row refers to bytes that are not there: nothing the store does leads to it. Somebody else deleted them. */
export class BlobMissing extends Error {
  override readonly name = 'BlobMissing';

  constructor(where: string, cause?: unknown) {
    super(`${where} is gone, and a row still refers to it`, { cause });
  }
}

/** The bytes that were read are not those that were written. */
export class BlobCorrupted extends Error {
  override readonly name = 'BlobCorrupted';

  constructor(where: string, expected: string, got: string) {
    super(`${where}: expected the SHA-256 ${expected}, got ${got}`);
  }
}
