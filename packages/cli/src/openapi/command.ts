/**
 * `handlersmith openapi`.
 *
 * @module
 */
import type { Command } from '../command.ts';

export const openapiCommand: Command = {
  name: 'openapi',
  summary: 'Prints the OpenAPI 3.1 document of a router, or of all routers of a template.',
  about: [
    'Of a module it takes the handler under the name after #, or under handler. Of a template it takes every function that a gateway sends requests to, each with the variables the template declares, and makes one document; functions without a router are told and left out. Title and version are those of the nearest package.json.',
    'The module is loaded, in a process of its own, and nothing is invoked.',
  ],
  arguments: [
    {
      name: 'source',
      help: 'A module, module#export, a template, or a folder with one. Default: the template in this folder.',
    },
  ],
  options: {
    title: { kind: 'text', value: 'text', help: 'Title of the API. Default: the name in package.json.' },
    'api-version': {
      kind: 'text',
      value: 'text',
      help: 'Version of the API. Default: that in package.json, or 0.0.0.',
    },
    server: { kind: 'list', value: 'url', help: 'Where the API is; may be given more than once.' },
    parameter: {
      kind: 'list',
      value: 'name=value',
      help: 'A parameter of the template; may be given more than once.',
    },
    env: { kind: 'list', value: 'NAME=value', help: 'A variable the module is loaded with.' },
    json: { kind: 'flag', help: 'Prints it on one line.' },
  },
  examples: [
    {
      command: 'handlersmith openapi src/handler.ts#handler > openapi.json',
      does: 'The document of one router.',
    },
    {
      command: 'handlersmith openapi template.yaml --title Shop --api-version 2.1.0',
      does: 'One document of all functions with routes.',
    },
  ],
  load: () => import('./run.ts'),
};
