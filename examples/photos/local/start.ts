/**
 * The app on this machine, as its template declares it, and its page.
 *
 * @module
 */
import { fileURLToPath } from 'node:url';

import {
  type LocalApp,
  type LocalPage,
  type PlayOptions,
  playTemplate,
  servePage,
} from '@handlersmith/local';

export interface LocalPhotos {
  readonly local: LocalApp;
  readonly page: LocalPage;
  /** Of the HTTP API. */
  readonly url: string;
  /** Milliseconds that the start took. */
  readonly took: number;
  /** Ends all of it. May be called more than once. */
  stop(): Promise<void>;
}

const TEMPLATE = fileURLToPath(new URL('../template.yaml', import.meta.url));

export async function startPhotos(
  options: PlayOptions & {
    /** TCP port of the page. Default: a free one. */ readonly pagePort?: number;
  } = {},
): Promise<LocalPhotos> {
  const { pagePort, ...play } = options;
  const startedAt = performance.now();
  const local = await playTemplate(TEMPLATE, { ...play, unknown: 'stop' });
  try {
    const page = await servePage(local, pagePort === undefined ? {} : { port: pagePort });
    let stopped: Promise<void> | undefined;
    return {
      local,
      page,
      url: local.urls['HttpApi'] ?? '',
      took: performance.now() - startedAt,
      stop: () => (stopped ??= page.close().then(() => local.stop())),
    };
  } catch (error) {
    await local.stop();
    throw error;
  }
}
