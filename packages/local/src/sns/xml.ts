/**
 * Answers of the AWS query protocol.
 *
 * @module
 */

/** What an answer may hold: arrays become lists, maps become maps, undefined is left out. */
export type Output =
  | string
  | undefined
  | readonly Output[]
  | ReadonlyMap<string, string>
  | { readonly [name: string]: Output };

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** The answer to an action. */
export function resultXml(action: string, output: Output, requestId: string): string {
  return element(
    `${action}Response`,
    element(`${action}Result`, inner(output)) +
      element('ResponseMetadata', element('RequestId', escape(requestId))),
    ` xmlns="${NAMESPACE}"`,
  );
}

export function errorXml(
  code: string,
  message: string,
  fault: 'Sender' | 'Receiver',
  requestId: string,
): string {
  const error = inner({ Type: fault, Code: code, Message: message });
  return element(
    'ErrorResponse',
    element('Error', error) + element('RequestId', escape(requestId)),
    ` xmlns="${NAMESPACE}"`,
  );
}

function inner(output: Output): string {
  if (output === undefined) return '';
  if (typeof output === 'string') return escape(output);
  if (isList(output)) return output.map((item) => element('member', inner(item))).join('');
  if (output instanceof Map) {
    return [...output]
      .map(([key, value]) =>
        element('entry', element('key', escape(String(key))) + element('value', escape(String(value)))),
      )
      .join('');
  }
  return Object.entries(output)
    .map(([name, value]) => (value === undefined ? '' : element(name, inner(value))))
    .join('');
}

function isList(output: Exclude<Output, string | undefined>): output is readonly Output[] {
  return Array.isArray(output);
}

function element(name: string, content: string, attributes = ''): string {
  return `<${name}${attributes}>${content}</${name}>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;');
}
