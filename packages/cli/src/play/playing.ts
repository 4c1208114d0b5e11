/**
 * An app to invoke functions of: the one that a running `dev` plays, or one played for this command alone.
 *
 * @module
 */
import { relative } from 'node:path';

import type { App, FunctionResult, JournalChange, JournalEntry, PlayOptions } from '@handlersmith/local';

import type { Input } from '../command.ts';
import { codeOf, EXIT } from '../problem.ts';
import { type Terminal, writeLine } from '../terminal.ts';
import { ask, followChanges } from './api.ts';
import { PLAYING, playOptions } from './options.ts';
import { withProgress } from './progress.ts';
import { runningDev } from './state.ts';
import { findTemplate } from './template.ts';

export type Invoked = FunctionResult & { readonly requestId: string };

export interface Playing extends AsyncDisposable {
  readonly app: Pick<App, 'functions' | 'triggers'>;
  /** Whether it is played for this command alone. */
  readonly isOwn: boolean;
  readonly invoke: (name: string, event: unknown) => Promise<Invoked>;
  /** Fires a schedule. Does not wait for the function. */
  readonly fire: (id: string, slot: Date | undefined) => Promise<void>;
  readonly entry: (requestId: string) => Promise<JournalEntry | undefined>;
  /** Hears of everything from now on. Gives the function that ends it. */
  readonly follow: (listener: (change: JournalChange) => void) => Promise<() => void>;
  /** Resolves when nothing is under way. That of a `dev` never rests: then at once. */
  readonly idle: () => Promise<void>;
}

/**
 * Takes the app of a running `dev`, unless `--alone` or an option about playing says otherwise; else plays the template.
 *
 * @throws WrongUse, Failed where there is nothing to play
 */
export async function openPlaying(
  input: Input,
  terminal: Terminal,
  defaults: PlayOptions = {},
): Promise<Playing> {
  const { folder } = terminal;
  const template = findTemplate(input.text('template'), folder);
  const isAlone = input.flag('alone') || input.has(Object.keys(PLAYING));
  const dev = isAlone ? undefined : runningDev(template);
  const running = dev === undefined ? undefined : await openRunning(dev);
  return running ?? playAlone(template, { ...defaults, ...playOptions(input, folder) }, terminal);
}

/** Undefined where nobody answers: the file was left behind, and its process's number is another's now. */
async function openRunning(dev: NonNullable<ReturnType<typeof runningDev>>): Promise<Playing | undefined> {
  let app: App;
  try {
    app = await ask<App>(dev, 'GET', '/api/app');
  } catch (error) {
    if (error instanceof Error && codeOf(error.cause) === 'ECONNREFUSED') return undefined;
    throw error;
  }
  const part = encodeURIComponent;
  return {
    app,
    isOwn: false,
    invoke: (name, event) => ask(dev, 'POST', `/api/functions/${part(name)}/invoke`, { event }),
    fire: async (id, slot) => {
      await ask(dev, 'POST', `/api/schedules/${part(id)}/fire`, slot === undefined ? {} : { slot });
    },
    entry: (requestId) => ask<JournalEntry>(dev, 'GET', `/api/journal/${part(requestId)}`),
    follow: (listener) => followChanges(dev, listener),
    idle: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function playAlone(template: string, options: PlayOptions, terminal: Terminal): Promise<Playing> {
  const { playTemplate } = await import('@handlersmith/local');
  const { explained } = await import('./faults.ts');
  const starting = playTemplate(template, { watch: false, ...options });
  const what = `Starting ${relative(terminal.folder, template)}`;
  const local = await withProgress(terminal, what, starting).catch((error: unknown) => {
    throw explained(error, terminal.folder);
  });
  // The first Ctrl-C ends what was started, the second one is the system's.
  const interrupt = (): void => {
    void local.stop().finally(() => process.exit(EXIT.interrupted));
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const leave = local.journal.follow((change) => {
    if (change.change === 'note' && change.note.kind === 'warning')
      writeLine(terminal.stderr, change.note.text);
  });
  return {
    app: local.app,
    isOwn: true,
    invoke: (name, event) => local.invoke(name, event),
    fire: (id, slot) => {
      void local.schedules.get(id)?.fire(slot);
      return Promise.resolve();
    },
    entry: (requestId) => Promise.resolve(local.journal.entry(requestId)),
    follow: (listener) => Promise.resolve(local.journal.follow(listener)),
    idle: () => local.idle(),
    async [Symbol.asyncDispose]() {
      leave();
      await local.stop();
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
}
