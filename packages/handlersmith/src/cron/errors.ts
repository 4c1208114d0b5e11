/**
 * Why a slot was not run.
 *
 * @module
 */

/**
 * The slot, or another one of its schedule, is being run elsewhere. Lambda tries again in a minute: the slot is then
 * done, or free.
 */
export class SlotBusy extends Error {
  override readonly name = 'SlotBusy';
  /** Milliseconds until the other's lease ends, if it does not finish before. */
  readonly retryAfter: number;

  /** @param what - `the slot`, or `another slot` */
  constructor(schedule: string, what: string, retryAfter: number) {
    super(
      `${schedule}: ${what} is being run; it is done, or free, in ${Math.ceil(retryAfter)} ms. Nothing was run.`,
    );
    this.retryAfter = retryAfter;
  }
}

/** The slot was run before, with another input. */
export class SlotMismatch extends Error {
  override readonly name = 'SlotMismatch';

  constructor(schedule: string) {
    super(
      `${schedule}: the slot was run, or is, with another input. Nothing was run: give each schedule its own name.`,
    );
  }
}
