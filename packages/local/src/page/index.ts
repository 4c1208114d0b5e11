/**
 * The page in the browser: an app that is being played, to look at and to act on.
 *
 * @module
 */
export { type LocalPage, servePage, type ServePageOptions } from './server.ts';
