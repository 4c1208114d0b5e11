/**
 * Prints an OpenAPI document.
 *
 * @module
 */
import type { Program } from '../command.ts';
import { withProgress } from '../play/progress.ts';
import { EXIT, Failed } from '../problem.ts';
import { writeLine } from '../terminal.ts';
import { infoOf } from './info.ts';
import { lookAt } from './look.ts';
import { merge, type Part } from './merge.ts';
import { findSources } from './source.ts';

export const run: Program['run'] = async (input, terminal) => {
  const { handlers, isChosen } = await findSources(input, terminal.folder);
  const [first] = handlers;
  const question = { info: infoOf(input, first?.file ?? terminal.folder), servers: input.list('server') };
  const looking = Promise.all(
    handlers.map(async (handler) => ({ handler, look: await lookAt(handler, question, terminal) })),
  );
  const looks = await withProgress(terminal, 'Loading the handlers', looking);

  const parts: Part[] = [];
  for (const { handler, look } of looks) {
    if (look.kind === 'document') parts.push({ name: handler.name, document: look.document });
    else if (isChosen) throw new Failed(`${handler.name}: ${look.message}.`);
    else writeLine(terminal.stderr, `Left out ${handler.name}: ${look.message}.`);
  }
  const [part, ...others] = parts;
  if (part === undefined) throw new Failed('No function has a router.');
  const document = merge([part, ...others]);
  writeLine(terminal.stdout, JSON.stringify(document, undefined, input.flag('json') ? 0 : 2));
  return EXIT.ok;
};
