/**
 * An S3 API on this machine.
 *
 * @module
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';

import { stopper } from '../gateway/stop.ts';
import { authorizer } from './authorize.ts';
import { checkBucketName } from './bucket-name.ts';
import { notificationOf } from './notification.ts';
import type { S3Notification } from './notification.ts';
import { server } from './serve.ts';
import type { Service } from './service.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

/** What an S3 client needs to reach the local server and nothing else. */
export interface LocalS3ClientConfig {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** Bucket names stand in the path: `mybucket.127.0.0.1` is no host. */
  forcePathStyle: true;
}

export interface StartS3Options {
  /** TCP port on loopback. Default: a free one. */
  port?: number;
  /** Folder that keeps everything between runs; made where it is not there. Default: memory, and a temporary folder. */
  folder?: string;
  /** Buckets to make, as far as they are not there. */
  buckets?: readonly string[];
  /** Default: `us-east-1`. */
  region?: string;
  /** The one key that may sign. Default: `local` and `local`. */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** Whether requests without a signature are served. Default: false, as for every bucket that is not public. */
  anonymous?: boolean;
  /**
   * Told of each change to an object once it is kept, before it is answered, with the targets that the bucket's
   * notification configuration names. What it throws is reported as a warning of the process.
   */
  onEvent?: (notification: S3Notification) => void;
  /** The time that objects get, in milliseconds since 1970. Signatures are held against the real time. */
  now?: () => number;
}

export interface LocalS3 extends AsyncDisposable {
  /** Such as `http://127.0.0.1:39817`. */
  readonly endpoint: string;
  /** Ready for `new S3Client(…)`. */
  readonly clientConfig: LocalS3ClientConfig;
  /** Lets running requests finish, then ends the server. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Starts an S3 API on loopback: conditional writes, checksums, multipart uploads and signatures as strict as AWS. What
 * it does not know it refuses with `NotImplemented`, by name.
 *
 * @returns the endpoint, a client configuration and the way to end it
 * @throws Error where the port is taken, or the folder cannot be used
 * @example
 * await using s3 = await startS3({ buckets: ['photos'] });
 * const client = new S3Client(s3.clientConfig);
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html
 */
export async function startS3(options: StartS3Options = {}): Promise<LocalS3> {
  const { port = 0, buckets = [], region = 'us-east-1', anonymous = false, now = Date.now } = options;
  const credentials = options.credentials ?? { accessKeyId: 'local', secretAccessKey: 'local' };
  for (const name of buckets) checkBucketName(name);

  const store = await openStore(options.folder === undefined ? undefined : resolve(options.folder), now);
  try {
    const missing = new Set(buckets.filter((name) => !store.buckets.has(name)));
    store.change([...missing].map((bucket) => ({ type: 'bucket', bucket, at: now() })));
    const service = serviceOf(store, region, options.onEvent);
    const serve = server(service, authorizer({ ...credentials, region }), anonymous);

    // An upload of a gigabyte takes its time.
    const http = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 });
    const requests = stopper(http);
    const unasked = new WeakSet<IncomingMessage>();
    http.on('request', (request, response) =>
      requests.begin(request, serve(request, response, unasked.has(request))),
    );
    // Node tells of these apart; whoever counts requests is to see them all.
    http.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      unasked.add(request);
      http.emit('request', request, response);
    });
    http.listen(port, '127.0.0.1');
    await once(http, 'listening');

    // A TCP server that listens has an address with a port; the string form is for pipes.
    const endpoint = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    let closed: Promise<void> | undefined;
    const close = (): Promise<void> => (closed ??= requests.stop().then(() => store.close()));
    return {
      endpoint,
      clientConfig: { endpoint, region, credentials: { ...credentials }, forcePathStyle: true },
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (cause) {
    await store.close();
    throw new Error(
      `startS3: cannot start on port ${port}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

function serviceOf(store: Store, region: string, onEvent: StartS3Options['onEvent']): Service {
  return {
    store,
    region,
    notify(change, request) {
      if (onEvent === undefined) return;
      try {
        onEvent(notificationOf(change, store.bucket(change.bucket), request, { store, region }));
      } catch (error) {
        // The object is kept: what a listener makes of it is no fault of the request.
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    },
  };
}
