/**
 * The program, run as people run it: in a process of its own.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';

import { afterEach, vi } from 'vitest';

import { runCli } from './run.ts';

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly folder?: string;
  /** What it reads from standard input. */
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Flags of Node.js. */
  readonly flags?: readonly string[];
}

/** A program that runs. */
export interface Program {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<Outcome>;
  /** Waits until it has written that. */
  readonly says: (text: string | RegExp) => Promise<void>;
}

const running = new Set<ChildProcess>();
const folders: string[] = [];

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Starts it. What still runs after the test is killed. */
export function startProgram(words: readonly string[], options: ProgramOptions = {}): Program {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@handlersmith/source',
      ...(options.flags ?? []),
      join(import.meta.dirname, 'main.ts'),
      ...words,
    ],
    {
      cwd: options.folder,
      // Nothing of the test runner's own.
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...options.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  running.add(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => {}); // it may end before it has read
  child.stdin.end(options.input);
  const ended = new Promise<Outcome>((resolve) => {
    child.on('close', (status) => {
      running.delete(child);
      resolve({ status, stdout, stderr });
    });
  });
  const says = async (text: string | RegExp): Promise<void> => {
    await vi.waitFor(
      () => {
        const said = stdout + stderr;
        if (typeof text === 'string' ? !said.includes(text) : !text.test(said))
          throw new Error(`It does not say ${text}, but:\n${said}`);
      },
      { timeout: 20_000, interval: 20 },
    );
  };
  return { child, stdout: () => stdout, stderr: () => stderr, ended, says };
}

/** Runs it to its end. */
export function runProgram(words: readonly string[], options: ProgramOptions = {}): Promise<Outcome> {
  return startProgram(words, options).ended;
}

/** Runs it in this process, where there is much to be tried and nothing is started. */
export async function runHere(words: readonly string[], options: ProgramOptions = {}): Promise<Outcome> {
  const texts = { stdout: '', stderr: '' };
  const to = (name: keyof typeof texts): Writable =>
    new Writable({
      write(chunk: Buffer, _, done) {
        texts[name] += chunk.toString();
        done();
      },
    });
  const status = await runCli(words, {
    stdin: Readable.from([Buffer.from(options.input ?? '')]),
    stdout: to('stdout'),
    stderr: to('stderr'),
    environment: options.environment ?? {},
    folder: options.folder ?? process.cwd(),
  });
  return { status, ...texts };
}

/** Without the lines that a slow machine gets to see. */
export function withoutProgress(text: string): string {
  return text.replaceAll(/^.*…\n/gm, '');
}

/** Makes packages of this workspace look installed in a folder. */
export function install(folder: string, ...packages: readonly string[]): string {
  mkdirSync(join(folder, 'node_modules'));
  for (const name of packages)
    symlinkSync(
      join(import.meta.dirname, '../node_modules', name),
      join(folder, 'node_modules', name),
      'dir',
    );
  return folder;
}

/** A folder with files in it, which goes away after the test. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'handlersmith-cli-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** An app of one function with a route, a bucket and a schedule. */
export const APP: Readonly<Record<string, string>> = {
  'template.yaml': `Transform: AWS::Serverless-2016-10-31
Parameters: { Stage: { Type: String, Default: none } }
Resources:
  Files: { Type: AWS::S3::Bucket, Properties: { BucketName: files } }
  Thumb:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      CodeUri: .
      Handler: handler.thumb
      Environment: { Variables: { STAGE: !Ref Stage } }
      Events:
        Put: { Type: S3, Properties: { Bucket: !Ref Files, Events: 's3:ObjectCreated:*' } }
        Get: { Type: HttpApi, Properties: { Path: /x, Method: GET } }
        Nightly: { Type: Schedule, Properties: { Schedule: cron(0 2 * * ? *) } }
`,
  'handler.ts': `export const thumb = async (event: any) => {
  console.log('got ' + Object.keys(event).length);
  if (event.fail !== undefined) {
    throw new TypeError('no picture');
  }
  if (event.rawPath !== undefined) return { statusCode: 200, body: 'here' };
  return { key: event.Records?.[0].s3.object.key, time: event.time, stage: process.env['STAGE'], more: process.env['MORE'] };
};
`,
};
