/**
 * The structured log line of the candidates that bring no logger of their own: one object, one write.
 *
 * @module
 */

/**
 * Writes one line.
 *
 * @param level - as CloudWatch filters spell it
 * @param message - what happened
 * @param requestId - the invocation it belongs to
 * @param extra - more keys for this line
 */
export function logLine(
  level: 'INFO' | 'WARN' | 'ERROR',
  message: string,
  requestId: string,
  extra: Readonly<Record<string, unknown>>,
): void {
  const line = { level, message, requestId, timestamp: new Date().toISOString(), service: 'items', ...extra };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
