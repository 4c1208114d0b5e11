/**
 * Plays a template until it is enough.
 *
 * @module
 */
import { resolve } from 'node:path';

import {
  type JournalChange,
  type LocalApp,
  type LocalPage,
  playTemplate,
  type PlayOptions,
  readTemplate,
  servePage,
} from '@handlersmith/local';

import type { Input, Program } from '../command.ts';
import { explained, shownFile } from '../play/faults.ts';
import { playOptions } from '../play/options.ts';
import { withProgress } from '../play/progress.ts';
import { type Claim, claim } from '../play/state.ts';
import { findTemplate } from '../play/template.ts';
import { EXIT, WrongUse } from '../problem.ts';
import { paintFor, type Terminal, writeLine } from '../terminal.ts';
import { openBrowser } from './browser.ts';
import { happeningData, happeningLines } from './happening.ts';
import { openingData, openingLines } from './opening.ts';
import { gatewayPorts, portOf } from './ports.ts';
import { untilStopped } from './signals.ts';

export const run: Program['run'] = async (input, terminal) => {
  const { folder, stderr } = terminal;
  const template = findTemplate(input.arguments[0], folder);
  const options = await optionsOf(input, template, folder);
  const pagePort = pagePortOf(input);
  const startedAt = performance.now();

  const stopping = untilStopped(() => writeLine(stderr, 'Ending. Ctrl-C again does not wait.'));
  let ours: Claim | undefined;
  let local: LocalApp | undefined;
  let page: LocalPage | undefined;
  try {
    // Only now: a signal before this would have left the file behind.
    ours = claim(template);
    const starting = playTemplate(template, options);
    local = await withProgress(terminal, `Starting ${shownFile(template, folder)}`, starting);
    if (!input.flag('no-page')) {
      page = await servePage(local, pagePort === undefined ? {} : { port: pagePort });
      ours.publish(page);
    }
    const opening = {
      local,
      page: page?.url,
      data: options.folder,
      took: performance.now() - startedAt,
      folder,
    };
    if (input.flag('json')) writeLine(terminal.stdout, JSON.stringify(openingData(opening)));
    else
      for (const line of openingLines(opening, paintFor(terminal.stdout, terminal)))
        writeLine(terminal.stdout, line);
    tellWhatHappens(local, input, terminal);
    if (input.flag('open') && page !== undefined) openBrowser(page.url, (text) => writeLine(stderr, text));
    await stopping.asked;
    return EXIT.ok;
  } catch (error) {
    throw explained(error, folder);
  } finally {
    ours?.release();
    await page?.close();
    await local?.stop();
    stopping.off();
  }
};

async function optionsOf(input: Input, template: string, folder: string): Promise<PlayOptions> {
  const options = playOptions(input, folder);
  const data = input.text('folder');
  const ports = input.has(['port']) ? gatewayPorts(input, await readTemplate(template, options)) : undefined;
  if (input.flag('inspect') && input.flag('runtime-client'))
    throw new WrongUse('--inspect and --runtime-client do not go together.');
  return {
    ...options,
    ...(data !== undefined && { folder: resolve(folder, data) }),
    ...(ports !== undefined && { ports }),
    hosts: input.list('host'),
    ...(input.flag('inspect') && { inspect: true }),
    watch: !input.flag('no-watch'),
  };
}

function pagePortOf(input: Input): number | undefined {
  const text = input.text('page-port');
  const given = input.has(['page-port', 'open']);
  if (input.flag('no-page') && given)
    throw new WrongUse('--no-page leaves nothing to open and no port to choose.');
  return text === undefined ? undefined : portOf('--page-port', text);
}

/** From now on; what came before is in the opening. */
function tellWhatHappens(local: LocalApp, input: Input, terminal: Terminal): void {
  const { stdout } = terminal;
  const logs = input.flag('logs');
  const paint = paintFor(stdout, terminal);
  const tell = (change: JournalChange): void => {
    if (input.flag('json')) {
      const data = happeningData(change, local, { logs });
      if (data !== undefined) writeLine(stdout, JSON.stringify(data));
      return;
    }
    for (const line of happeningLines(change, local, { logs, paint })) writeLine(stdout, line);
  };
  // What happened while it started: it could not be told before there was an app.
  for (const note of local.journal.notes()) tell({ change: 'note', note });
  for (const entry of local.journal.entries()) if (entry.result !== undefined) tell({ change: 'end', entry });
  local.journal.follow(tell);
}
