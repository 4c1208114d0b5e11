/**
 * Says what is going on, beside the report: the report alone goes to stdout.
 *
 * @module
 */

/**
 * @param message - one line
 */
export function progress(message: string): void {
  process.stderr.write(`· ${message}\n`);
}
