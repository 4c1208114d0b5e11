/**
 * `handlersmith dev`.
 *
 * @module
 */
import type { Command } from '../command.ts';
import { PLAYING } from '../play/options.ts';

export const devCommand: Command = {
  name: 'dev',
  summary: 'Plays the template that is deployed, until Ctrl-C: all its triggers, no Docker, no account.',
  about: [
    'Makes the tables, buckets, queues and topics it declares, loads its functions from source, opens its gateways, fires its triggers by the rules of Lambda, and serves a page that shows all of it. A source that is saved is loaded again.',
    'Each invocation is a line: function, trigger, duration, result. Ctrl-C ends everything; a second one does not wait for what still runs. While it runs, invoke and tick in the same folder use it; they find it by .handlersmith/dev.json beside the template.',
  ],
  arguments: [
    {
      name: 'template',
      help: 'A file, or a folder to look in. Default: template.yaml, .yml or .json here, then cdk.out, then .serverless.',
    },
  ],
  options: {
    port: {
      kind: 'list',
      value: 'port',
      help: 'Port of the gateway; Gateway=port where there are several. Default: free ones.',
    },
    host: {
      kind: 'list',
      value: 'name',
      help: "A further name by which gateways may be called, such as a tunnel's; *.example.com for all below it, * for any. May be given more than once. Default: addresses and names of this machine.",
    },
    'page-port': { kind: 'number', value: 'port', help: 'Port of the page. Default: a free one.' },
    'no-page': {
      kind: 'flag',
      help: 'Serves no page. Then invoke and tick cannot use this dev either.',
    },
    open: { kind: 'flag', help: 'Opens the page in the browser.' },
    folder: {
      kind: 'text',
      value: 'folder',
      help: 'Keeps tables, buckets, queues and streams there between runs, such as .handlersmith/data. Default: memory.',
    },
    logs: { kind: 'flag', help: 'Shows what the functions log, as it comes.' },
    json: { kind: 'flag', help: 'Prints lines of JSON: what is played, then whatever happens.' },
    'no-watch': { kind: 'flag', help: 'Does not load sources again when they are saved.' },
    inspect: {
      kind: 'flag',
      help: 'Lets a debugger attach to the functions, and says where. No time runs out.',
    },
    ...PLAYING,
  },
  examples: [
    { command: 'handlersmith dev', does: 'Plays the template in this folder.' },
    {
      command: 'handlersmith dev infra/template.yaml --port 3000 --folder .handlersmith/data --logs',
      does: 'The API on port 3000; what is stored stays for the next time.',
    },
    {
      command: 'handlersmith dev --parameter Stage=dev --env-file .env --unknown stop',
      does: 'With parameters and variables; what is not played here ends it.',
    },
    {
      command: 'handlersmith dev --json | jq \'select(.type == "invocation") | .function\'',
      does: 'For programs.',
    },
  ],
  load: () => import('./run.ts'),
};
