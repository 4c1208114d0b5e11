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
  let wanted = 0;
  for (const segment of pattern.split('/')) {
    if (segment === '') continue;
    const greedy = /^\{(.+)\+\}$/.exec(segment)?.[1];
    wanted += greedy === undefined ? 1 : (parameters?.[greedy] ?? '').split('/').length;
  }
  const segments = path.split('/');
  const kept = segments.slice(
    Math.max(1, segments.length - wanted - (path.endsWith('/') && wanted > 0 ? 1 : 0)),
  );
  return `/${wanted === 0 ? '' : kept.join('/')}`;
}
