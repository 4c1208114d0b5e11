/**
 * Opens a page in the browser.
 *
 * @module
 */
import { spawn } from 'node:child_process';

/**
 * Asks the desktop to open it.
 *
 * @param onProblem - told where nothing here can
 */
export function openBrowser(url: string, onProblem: (text: string) => void): void {
  const [program, ...parameters] = opener(process.platform);
  const child = spawn(program, [...parameters, url], { stdio: 'ignore', detached: true });
  child.on('error', (error) => {
    onProblem(`The browser could not be opened: ${error.message}`);
  });
  child.on('exit', (code) => {
    if (code !== 0) onProblem(`The browser could not be opened: ${program} ended with ${code}`);
  });
  child.unref();
}

function opener(platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open'];
  // The empty title: `start` takes the first text in quotes for one.
  return platform === 'win32' ? ['cmd', '/c', 'start', '""'] : ['xdg-open'];
}
