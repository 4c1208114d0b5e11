/**
 * Which gateway listens on which port.
 *
 * @module
 */
import type { App } from '@handlersmith/local';

import type { Input } from '../command.ts';
import { didYouMean } from '../nearest.ts';
import { WrongUse } from '../problem.ts';

/**
 * Reads `--port`: a number for the one gateway there is, or `Gateway=number`.
 *
 * @throws WrongUse for a number that is no port, or a gateway that is not there
 */
export function gatewayPorts(input: Input, { gateways }: Pick<App, 'gateways'>): Record<string, number> {
  const ids = gateways.map(({ id }) => id);
  const there = ids.length === 0 ? 'The template has no gateway.' : `There are: ${ids.join(', ')}.`;
  return Object.fromEntries(
    input.list('port').map((given) => {
      const [, name, digits = ''] = /^(?:([^=]*)=)?(.*)$/.exec(given) ?? [];
      const port = portOf('--port', digits);
      if (name === undefined) {
        const [only, second] = ids;
        if (only === undefined || second !== undefined)
          throw new WrongUse(`--port ${port} needs a gateway, Gateway=${port}. ${there}`);
        return [only, port];
      }
      if (!ids.includes(name))
        throw new WrongUse(`--port: there is no gateway ${name}.${didYouMean(name, ids)} ${there}`);
      return [name, port];
    }),
  );
}

/**
 * Reads the number of a port.
 *
 * @throws WrongUse where it is none
 */
export function portOf(option: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port > 0 && port < 65_536) return port;
  throw new WrongUse(`${option} takes a port, 1 to 65535, not "${text}".`);
}
