/**
 * Playing an app: what its template declares, on the AWS of this machine.
 *
 * @module
 */
export { TemplateFault } from './fault.ts';
export type { InvocationStart, Journal, JournalChange, JournalEntry, JournalNote } from './journal.ts';
export type { LocalApp } from './local-app.ts';
export type { PlayOptions } from './options.ts';
export { playTemplate } from './play.ts';
