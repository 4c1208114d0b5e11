/**
 * The time as the function sees it: that of the app, whose clock can be moved.
 *
 * @module
 */

const MachineDate = Date;

/** Milliseconds since 1970 on this machine, whatever the function is told. */
export const machineNow: () => number = Date.now.bind(Date);

let ahead = 0;

/** Puts another `Date` in place. To be called before any code that might keep a hold of the first. */
export function patchDate(): void {
  MachineDate.now = now;
  globalThis.Date = new Proxy(MachineDate, {
    construct: (target, given: unknown[], newTarget) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as Date, // of a Date, or what extends it
    apply: () => new MachineDate(now()).toString(),
  });
  Object.defineProperty(MachineDate.prototype, 'constructor', { value: globalThis.Date });
}

function now(): number {
  return machineNow() + ahead;
}

/**
 * Lets `Date` tell a time ahead of this machine's from now on. Timers and `performance` go on as they are: moments pass
 * as fast as before.
 *
 * @param milliseconds - how far ahead
 */
export function tellAhead(milliseconds: number): void {
  ahead = milliseconds;
}
