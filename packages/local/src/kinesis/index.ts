/**
 * A Kinesis API on this machine.
 *
 * @module
 */
export { startKinesis } from './start.ts';
export type { LocalKinesis, LocalKinesisClientConfig, StartKinesisOptions } from './start.ts';
