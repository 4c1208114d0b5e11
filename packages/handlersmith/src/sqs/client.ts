/**
 * The SQS client: loaded when something is sent, and not before.
 *
 * @module
 */
import type {
  SendMessageBatchCommand,
  SendMessageBatchCommandInput,
  SendMessageBatchCommandOutput,
  SQSClient,
} from '@aws-sdk/client-sqs';

import { once } from '../handler/resources.ts';

/** An `SQSClient` of `@aws-sdk/client-sqs`, of any version 3. */
export interface SqsClient {
  send(command: never, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>;
}

/** What is used of the SDK. */
interface Sdk {
  readonly SendMessageBatchCommand: new (input: SendMessageBatchCommandInput) => SendMessageBatchCommand;
  readonly SQSClient: new () => SQSClient;
}

/**
 * Loads the SDK.
 *
 * @throws Error that says what to install where it is not
 */
export async function loadSdk(load?: () => Promise<Sdk>): Promise<Sdk> {
  try {
    // Awaited within the try: bundlers then do without it where it is not installed.
    return load === undefined ? await import('@aws-sdk/client-sqs') : await load();
  } catch (error) {
    throw new Error('Sending to SQS needs the package @aws-sdk/client-sqs: npm install @aws-sdk/client-sqs', {
      cause: error,
    });
  }
}

/**
 * Made once per environment, with the SDK's own settings, for all that do not bring a client of their own. Marked as
 * pure, so that bundles of handlers that send nothing leave it out.
 */
const defaultClient = /* @__PURE__ */ once(async () => new (await loadSdk()).SQSClient());

/** Sends up to ten messages. */
export async function sendBatch(
  client: SqsClient | undefined,
  input: SendMessageBatchCommandInput,
  signal: AbortSignal | undefined,
): Promise<SendMessageBatchCommandOutput> {
  const { SendMessageBatchCommand: Command } = await loadSdk();
  const sender: SqsClient = client ?? (await defaultClient());
  const command = new Command(input);
  // A client's own type ties each command to its output; SqsClient leaves that out so that any version fits.
  return (await sender.send(
    command as never,
    signal === undefined ? {} : { abortSignal: signal },
  )) as SendMessageBatchCommandOutput;
}
