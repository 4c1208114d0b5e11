/**
 * Conditions by which package exports are resolved.
 *
 * @module
 */

/** Those this process was started with, so that a function finds the packages of a workspace where we find them. */
export function conditionsHere(): string[] {
  const given = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  return given.flatMap((flag, index) => {
    if (flag === '-C' || flag === '--conditions') return given[index + 1] ?? [];
    return /^--conditions=(.+)$/.exec(flag)?.[1] ?? [];
  });
}
