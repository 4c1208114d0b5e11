/**
 * All commands, in the order of the help.
 *
 * @module
 */
import type { Command } from './command.ts';
import { devCommand } from './dev/command.ts';
import { eventCommand } from './event/command.ts';
import { invokeCommand } from './invoke/command.ts';
import { openapiCommand } from './openapi/command.ts';
import { tickCommand } from './tick/command.ts';

export const commands: readonly Command[] = [
  devCommand,
  eventCommand,
  invokeCommand,
  tickCommand,
  openapiCommand,
];
