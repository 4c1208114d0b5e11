/**
 * The part of a path that the gateway put in front of the route: a stage, a custom domain's base path.
 *
 * @module
 */

/** `/prod/items` in stage `prod` → `/items`. The stage `$default` puts nothing in front. */
export function withoutStage(path: string, stage: string | undefined): string {
  if (stage === undefined || stage === '$default' || !path.startsWith(`/${stage}`)) return path;
  const rest = path.slice(stage.length + 1);
  if (rest === '') return '/';
  return rest.startsWith('/') ? rest : path;
}

/**
 * What is left when as many segments are kept as the gateway's own route has, counted from the end: the rest is the
 * base path of a custom domain.
 *
 * @param path - still percent-encoded
 * @param pattern - the gateway's route, such as `/items/{id}` or `/{proxy+}`
 * @param parameters - what the gateway matched, for the length of a greedy one
 */
export function withoutBasePath(
  path: string,
  pattern: string,
  parameters: Readonly<Record<string, string | undefined>> | null | undefined,
): string {
  const wanted = segmentsIn(pattern) + greedyExtra(pattern, parameters);
  if (segmentsIn(path) === wanted) return path;
  const segments = path.split('/');
  const kept = segments.slice(
    Math.max(1, segments.length - wanted - (path.endsWith('/') && wanted > 0 ? 1 : 0)),
  );
  return `/${wanted === 0 ? '' : kept.join('/')}`;
}

/** How many segments a path has; a slash at the end makes none. Counted without splitting: every request comes by. */
function segmentsIn(path: string): number {
  let count = 0;
  for (
    let index = path.indexOf('/');
    index !== -1 && index < path.length - 1;
    index = path.indexOf('/', index + 1)
  )
    count++;
  return count;
}

/** By how many segments a greedy parameter is longer than the one it has in the pattern. */
function greedyExtra(
  pattern: string,
  parameters: Readonly<Record<string, string | undefined>> | null | undefined,
): number {
  if (!pattern.endsWith('+}')) return 0;
  const name = pattern.slice(pattern.lastIndexOf('{') + 1, -2);
  return (parameters?.[name] ?? '').split('/').length - 1;
}
