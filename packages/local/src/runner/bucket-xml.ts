/**
 * Configurations of buckets, from the form templates have to the form the API takes.
 *
 * @module
 */
import { isRecord } from '../mapping/answer.ts';

/** `CorsConfiguration` of a template as XML. */
export function corsXml(cors: unknown): string {
  const rules = listOf(isRecord(cors) ? (cors['CorsRules'] ?? cors) : cors);
  const names = {
    AllowedHeaders: 'AllowedHeader',
    AllowedMethods: 'AllowedMethod',
    AllowedOrigins: 'AllowedOrigin',
  };
  const rule = (declared: Readonly<Record<string, unknown>>): string =>
    element(
      'CORSRule',
      [
        ...Object.entries(names).flatMap(([plural, single]) =>
          listOf(declared[plural]).map((value) => element(single, escaped(value))),
        ),
        ...listOf(declared['ExposedHeaders']).map((value) => element('ExposeHeader', escaped(value))),
        ...(declared['MaxAge'] === undefined ? [] : [element('MaxAgeSeconds', escaped(declared['MaxAge']))]),
      ].join(''),
    );
  return element('CORSConfiguration', rules.filter(isRecord).map(rule).join(''));
}

/** `LifecycleConfiguration` of a template as XML: what rules say, in their own words. */
export function lifecycleXml(lifecycle: unknown): string {
  const rules = listOf(isRecord(lifecycle) ? lifecycle['Rules'] : []);
  const rule = (declared: Readonly<Record<string, unknown>>): string => {
    const { Id, Prefix, Status, ExpirationInDays, AbortIncompleteMultipartUpload: abort } = declared;
    const { NoncurrentVersionExpiration: noncurrent, NoncurrentVersionExpirationInDays } = declared;
    const noncurrentDays = isRecord(noncurrent)
      ? noncurrent['NoncurrentDays']
      : NoncurrentVersionExpirationInDays;
    return element(
      'Rule',
      [
        Id === undefined ? '' : element('ID', escaped(Id)),
        element('Filter', element('Prefix', escaped(Prefix ?? ''))),
        element('Status', escaped(Status ?? 'Enabled')),
        ExpirationInDays === undefined
          ? ''
          : element('Expiration', element('Days', escaped(ExpirationInDays))),
        noncurrentDays === undefined
          ? ''
          : element('NoncurrentVersionExpiration', element('NoncurrentDays', escaped(noncurrentDays))),
        isRecord(abort)
          ? element(
              'AbortIncompleteMultipartUpload',
              element('DaysAfterInitiation', escaped(abort['DaysAfterInitiation'])),
            )
          : '',
      ].join(''),
    );
  };
  return element('LifecycleConfiguration', rules.filter(isRecord).map(rule).join(''));
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function escaped(value: unknown): string {
  return String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
