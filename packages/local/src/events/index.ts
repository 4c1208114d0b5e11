/**
 * The APIs by which code asks for invocations: `PutEvents` of EventBridge and `Invoke` of Lambda.
 *
 * @module
 */
export { startEvents } from './start.ts';
export type { LocalEvents, StartEventsOptions } from './start.ts';
