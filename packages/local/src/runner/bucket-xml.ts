/**
 * Configurations of buckets, from the fields of the API, as the SDK names them, to its XML.
 *
 * @module
 */
import { isRecord } from '../mapping/answer.ts';

/** How one of a list is called in XML. */
const ONE_OF: Readonly<Record<string, string>> = {
  CORSRules: 'CORSRule',
  AllowedHeaders: 'AllowedHeader',
  AllowedMethods: 'AllowedMethod',
  AllowedOrigins: 'AllowedOrigin',
  ExposeHeaders: 'ExposeHeader',
  Rules: 'Rule',
};

/**
 * @param name - of the configuration's root, such as `LifecycleConfiguration`
 * @param configuration - what PutBucketCors or PutBucketLifecycleConfiguration takes
 */
export function configurationXml(name: string, configuration: unknown): string {
  return element(name, content(configuration));
}

function content(value: unknown): string {
  if (!isRecord(value)) return escaped(value);
  return Object.entries(value)
    .map(([name, field]) =>
      Array.isArray(field)
        ? field.map((one: unknown) => element(ONE_OF[name] ?? name, content(one))).join('')
        : element(name, content(field)),
    )
    .join('');
}

function element(name: string, text: string): string {
  return `<${name}>${text}</${name}>`;
}

function escaped(value: unknown): string {
  return String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
