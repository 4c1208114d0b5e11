/** What an invocation is called in a trace. */
export function letter(invocation: number): string {
  return String.fromCodePoint(65 + invocation); // A, B, C…
}
