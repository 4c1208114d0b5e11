/**
 * One phase of a bare Middy package, on an event or answer of ours.
 *
 * @param middleware - as the package gives it
 * @param seen - what it finds in its request, and writes to
 */
export function bare(middleware: unknown, phase: 'before' | 'after' | 'onError', seen: object): void {
  (middleware as Record<string, (request: object) => void>)[phase]?.(seen); // a Middy middleware, used by hand
}
