/**
 * Input transformers: what a rule makes of an event before it hands it on.
 *
 * @module
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
import type { InputTransformer } from '../template/app.ts';
import { isRecord } from './answer.ts';
import { eventPath } from './event-path.ts';

/** What a transformer may say of the rule, and of when the event came. */
export interface RuleFacts {
  readonly name: string;
  readonly arn: string;
  /** Such as `2026-03-01T00:00:00Z`. */
  readonly receivedAt: string;
}

type Value = (event: unknown, rule: RuleFacts) => unknown;

/** Variables that are there without a path. */
const predefined: Readonly<Record<string, Value>> = {
  'aws.events.rule-arn': (_, { arn }) => arn,
  'aws.events.rule-name': (_, { name }) => name,
  'aws.events.event.ingestion-time': (_, { receivedAt }) => receivedAt,
  'aws.events.event': (event) => (isRecord(event) ? withoutDetail(event) : event),
  'aws.events.event.json': (event) => event,
};

const VARIABLES = 100;
const TEMPLATE_CHARACTERS = 8192;

/** Stands where a placeholder in quotes is: no template has this character. */
const HOLE = '\u{E000}';

/**
 * Prepares a transformer.
 *
 * A placeholder without quotes becomes JSON, a text in quotes. One inside quotes becomes bare text: nothing in it is
 * escaped, and what is no text loses its own quotes. What the event does not have is an empty text.
 *
 * @returns gives the input, parsed; throws a TypeError where what comes out is no JSON
 * @throws TypeError that says what of it EventBridge would refuse
 */
export function inputTransform({ paths, template }: InputTransformer): Value {
  const names = Object.keys(paths);
  if (names.length > VARIABLES) throw new TypeError(`InputPathsMap holds ${VARIABLES} paths at most`);
  const reserved = names.find((name) => /^aws\./iu.test(name));
  if (reserved !== undefined)
    throw new TypeError(`a name in InputPathsMap cannot begin with AWS.: ${reserved}`);
  if (template.length > TEMPLATE_CHARACTERS)
    throw new TypeError(`InputTemplate ends at ${TEMPLATE_CHARACTERS} characters`);

  const values = new Map<string, Value>(Object.entries(predefined));
  for (const [name, path] of Object.entries(paths)) values.set(name, eventPath(path));
  const parts = partsOf(template, values);
  checkTemplate(parts);

  return (event, rule) => {
    const text = parts
      .map((part) => {
        if (typeof part === 'string') return part;
        const value = part.value(event, rule);
        return part.isQuoted ? bare(value) : JSON.stringify(value === undefined ? '' : value);
      })
      .join('');
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      const quoted = parts.flatMap((part) =>
        typeof part !== 'string' && part.isQuoted ? [`<${part.name}>`] : [],
      );
      throw new TypeError(
        `what its InputTransformer makes of the event is no JSON: EventBridge escapes nothing that it puts into quotes (${quoted.join(', ')}); without quotes round them it does`,
        { cause },
      );
    }
  };
}

interface Placeholder {
  readonly name: string;
  readonly isQuoted: boolean;
  readonly value: Value;
}

/** The template's own text, and the placeholders in it. */
function partsOf(template: string, values: ReadonlyMap<string, Value>): (string | Placeholder)[] {
  const parts: (string | Placeholder)[] = [];
  let isQuoted = false;
  for (const [token, name] of template.matchAll(/\\.|"|<([\w.-]+)>|[^"\\<]+|[\\<]/gsu)) {
    if (token === '"') isQuoted = !isQuoted;
    if (name === undefined) {
      parts.push(token);
      continue;
    }
    const value = values.get(name);
    if (value === undefined)
      throw new TypeError(`InputTemplate has the placeholder <${name}>, which is not in InputPathsMap`);
    parts.push({ name, isQuoted, value });
  }
  return parts;
}

/** A template that could not become JSON whatever the event, or that has a placeholder for a key, is refused. */
function checkTemplate(parts: readonly (string | Placeholder)[]): void {
  const filled = parts.map((part) => (typeof part === 'string' ? part : part.isQuoted ? HOLE : '0')).join('');
  const keys: string[] = [];
  try {
    JSON.parse(filled, (key, value: unknown) => {
      keys.push(key);
      return value;
    });
  } catch (cause) {
    throw new TypeError(
      'InputTemplate must be JSON once its placeholders are filled in; a text needs quotes',
      {
        cause,
      },
    );
  }
  if (keys.some((key) => key.includes(HOLE)))
    throw new TypeError('InputTemplate takes no placeholder as the key of an object');
}

function bare(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', '');
}

function withoutDetail(event: Readonly<Record<string, unknown>>): object {
  const { detail: _, ...envelope } = event;
  return envelope;
}
