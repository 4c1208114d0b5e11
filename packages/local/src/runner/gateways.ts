/**
 * Opening the gateways of an app.
 *
 * @module
 */
import { closeAll } from '../aws/close.ts';
import { serveGateway } from '../gateway/serve.ts';
import type { LocalGateway } from '../gateway/serve.ts';
import type { Tell } from '../mapping/index.ts';
import type { App } from '../template/app.ts';
import type { Invoker } from './invoker.ts';
import type { PlayOptions } from './options.ts';

/**
 * Opens all, or none.
 *
 * @throws Error where a port is taken
 */
export async function startGateways(
  app: App,
  forGateway: Invoker['forGateway'],
  { ports = {}, hosts = [] }: PlayOptions,
  tell: Tell,
): Promise<{ id: string; gateway: LocalGateway }[]> {
  const starting = app.gateways.map(async (gateway) => {
    const port = ports[gateway.id];
    const local = await serveGateway(gateway, {
      invoke: forGateway(gateway.id),
      report: (problem) => tell({ kind: 'warning', text: `${gateway.id}: ${problem}`, traces: [] }),
      accountId: app.accountId,
      hosts,
      ...(port !== undefined && { port }),
    });
    return { id: gateway.id, gateway: local };
  });
  const settled = await Promise.allSettled(starting);
  const failed = settled.find((one) => one.status === 'rejected');
  const started = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (failed === undefined) return started;
  await closeAll(started.map(({ gateway }) => ({ close: gateway.stop })));
  throw failed.reason;
}
