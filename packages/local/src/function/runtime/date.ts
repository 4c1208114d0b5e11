/**
 * The time as the function sees it: that of the app, whose clock can be moved.
 *
 * @module
 */

const MachineDate = Date;

/** Milliseconds since 1970 on this machine, whatever the function is told. */
export const machineNow: () => number = Date.now.bind(Date);

let ahead = 0;

/**
 * Lets `Date` tell a time ahead of this machine's from now on. Timers and `performance` go on as they are: moments pass
 * as fast as before. A class that extended `Date` while time was as it is stays there.
 *
 * @param milliseconds - how far ahead
 */
export function tellAhead(milliseconds: number): void {
  ahead = milliseconds;
  // As long as nobody moves the clock, functions run with the Date they know.
  if (ahead === 0 || Date !== MachineDate) return;
  const now = (): number => machineNow() + ahead;
  MachineDate.now = now;
  globalThis.Date = new Proxy(MachineDate, {
    construct: (target, given: unknown[], newTarget) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as Date, // of a Date, or what extends it
    apply: () => new MachineDate(now()).toString(),
  });
  Object.defineProperty(MachineDate.prototype, 'constructor', { value: globalThis.Date });
}
