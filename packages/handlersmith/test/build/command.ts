/**
 * Programs run by tests, as a user would run them.
 *
 * @module
 */
import { spawn } from 'node:child_process';
import { basename } from 'node:path';

/** What a program wrote, and how it ended. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of somebody's own shell: without what pnpm, npm and vitest add for the scripts they run. */
const cleanEnvironment: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) =>
      !/^(?:p?npm_|node_(?:options|path|env)$|vitest|force_color$|init_cwd$)/i.test(name) ||
      /^npm_config_registry$/i.test(name),
  ),
);

/**
 * Runs a program to its end.
 *
 * @param program - name or path
 * @param cwd - where
 * @returns its outcome, whatever the exit status
 */
export function outcomeOf(program: string, parameters: readonly string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      cwd,
      env: { ...cleanEnvironment, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({ status, stdout, stderr });
    });
  });
}

/**
 * Runs a program that has to succeed.
 *
 * @returns what it wrote to standard output
 * @throws Error with all it wrote, when its exit status is not 0
 */
export async function run(program: string, parameters: readonly string[], cwd: string): Promise<string> {
  const { status, stdout, stderr } = await outcomeOf(program, parameters, cwd);
  if (status === 0) return stdout;
  throw new Error(`${[program, ...parameters].join(' ')} ended with ${status}\n${stdout}${stderr}`);
}

/** The pnpm that runs these tests. They may have been started without it: then the one on the PATH. */
export function pnpm(parameters: readonly string[], cwd: string): Promise<string> {
  const runner = process.env['npm_execpath'] ?? '';
  const own = basename(runner).startsWith('pnpm') ? runner : 'pnpm';
  return /\.[cm]?js$/.test(own)
    ? run(process.execPath, [own, ...parameters], cwd)
    : run(own, parameters, cwd);
}
