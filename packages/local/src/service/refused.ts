/**
 * How a service says no.
 *
 * @module
 */

/** What a request is refused with; each service has its own. */
export class Refused extends Error {
  /** Such as `ResourceNotFoundException`. */
  readonly code: string;
  /** Of HTTP. */
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
