/**
 * What a program must tell us to be started as a DynamoDB.
 *
 * @module
 */

/** A program that answers the DynamoDB API. */
export interface Engine {
  readonly name: string;
  readonly command: string;
  /** The folder to run in. */
  readonly cwd?: string;
  /** Milliseconds it may take to answer. */
  readonly patience: number;
  parameters(host: string, port: number, dataFile: string | undefined): readonly string[];
  /** Called once it listens or has failed to. */
  settled?(): void;
  /** Whether the output says that this very process holds the port. */
  listens(output: string, host: string, port: number): boolean;
  /** Whether the output says that the port went to somebody else. */
  portTaken(output: string): boolean;
}
