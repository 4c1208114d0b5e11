import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { APP, folderWith, runHere, runProgram, withoutProgress } from '../program.fixture.ts';
import { dev, taken, url } from './dev.fixture.ts';

/** Runs one that cannot start, and expects a line and nothing left. */
async function expectFailure(words: readonly string[], folder: string, line: string | RegExp): Promise<void> {
  const { status, stdout, stderr } = await runProgram(['dev', ...words], { folder });
  expect(withoutProgress(stderr)).toMatch(line);
  expect([status, stdout]).toEqual([1, '']);
  expect(existsSync(join(folder, '.handlersmith'))).toBe(false);
}

describe('wrong use', () => {
  test.each([
    [['a', 'b'], 'dev takes template; "b" is too many.'],
    [['gone.yaml'], 'There is no gone.yaml.'],
    [['--port', '70000'], '--port takes a port, 1 to 65535, not "70000".'],
    [['--port', 'Api=80x'], '--port takes a port, 1 to 65535, not "80x".'],
    [['--port', 'Api=3000'], '--port: there is no gateway Api. There are: ServerlessHttpApi.'],
    [['--page-port', '0'], '--page-port takes a port, 1 to 65535, not "0".'],
    [['--no-page', '--open'], '--no-page leaves nothing to open'],
    [['--inspect', '--runtime-client'], '--inspect and --runtime-client do not go together.'],
    [['--retry-delay', 'soon'], '--retry-delay takes a whole number, not "soon".'],
  ])('%j', async (words, message) => {
    const folder = folderWith(APP);
    const { status, stdout, stderr } = await runHere(['dev', ...words], { folder });
    expect(stderr).toContain(`handlersmith dev: ${message}`);
    expect([status, stdout]).toEqual([2, '']);
    expect(readdirSync(folder).toSorted()).toEqual(Object.keys(APP).toSorted());
  });
});

describe('faults', () => {
  test('a template with errors: all of them, with their lines', async () => {
    const template = `${APP['template.yaml']}  A: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: -1, DelaySeconds: 1000 } }\n`;
    const folder = folderWith({ ...APP, 'template.yaml': template });
    await expectFailure([], folder, /for 2 things:\ntemplate\.yaml:16: A: .*\ntemplate\.yaml:16: A: .*\n$/);
  });

  test('what is not played ends it where that is asked for', async () => {
    const template = `${APP['template.yaml']}  A: { Type: AWS::Athena::WorkGroup }\n`;
    const folder = folderWith({ ...APP, 'template.yaml': template });
    await expectFailure(['--unknown', 'stop'], folder, /for one thing:\ntemplate\.yaml:16: A: .*Athena/);
  });

  test('what goes on at the start is told: a source with a fault, a policy that is left out', async () => {
    const policy = `  Kept: { Type: AWS::S3::Bucket }
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Kept
      PolicyDocument: { Statement: [{ Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': 1.2.3.4 } } }] }
  Broken: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs24.x, CodeUri: ., Handler: broken.handler } }
`;
    const folder = folderWith({
      ...APP,
      'template.yaml': `${APP['template.yaml']}${policy}`,
      'broken.ts': 'export const hander = () => 1;',
    });
    const program = await dev([], { folder });
    await program.says('warning  Kept: its policy is left out');
    await program.says('warning  Broken: cannot be loaded: no export "handler"');
    program.child.kill('SIGINT');
    expect(await program.ended).toMatchObject({ status: 0 });
  });

  test('ports in use', async () => {
    const server = await taken();
    await expectFailure(
      ['--port', `${server.port}`],
      folderWith(APP),
      new RegExp(`127\\.0\\.0\\.1:${server.port}: .*EADDRINUSE.* Another program has that port: .*--port`),
    );
    await expectFailure(
      ['--page-port', `${server.port}`],
      folderWith(APP),
      new RegExp(`${server.port}: .*EADDRINUSE.* Another program has that port: .*--port`),
    );
    server.close();
  });

  test('a data folder that is a file', async () => {
    await expectFailure(['--folder', 'handler.ts'], folderWith(APP), /^handlersmith dev: .*handler\.ts/);
  });

  test('a disk that takes nothing more', async () => {
    // No file may grow: what a full disk does, for one process.
    const folder = folderWith(APP);
    const shell = `ulimit -f 0; exec "$0" --conditions=@handlersmith/source "$1" dev`;
    const main = join(import.meta.dirname, '../main.ts');
    const outcome = (() => {
      try {
        return execFileSync('sh', ['-c', shell, process.execPath, main], {
          cwd: folder,
          encoding: 'utf8',
          stdio: 'pipe',
        });
      } catch (error) {
        return error as { status: number; stderr: string }; // as execFileSync documents it
      }
    })();
    expect(outcome).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^handlersmith dev: Cannot write .*EFBIG/),
    });
    expect(existsSync(join(folder, '.handlersmith'))).toBe(false);
  });

  test('two of one folder, and two of one data folder', async () => {
    const first = await dev(['--folder', 'data']);
    const second = await runProgram(['dev'], { folder: first.folder });
    expect(second.stderr).toMatch(/is being played already at http:\/\/127\.0\.0\.1:\d+, by process \d+\./);
    expect(second.status).toBe(1);
    await expectFailure(
      ['--folder', join(first.folder, 'data')],
      folderWith(APP),
      /the data folder is in use by process \d+/,
    );
    expect((await fetch(`${url(first)}/x`)).status).toBe(200);
  });
});
