/**
 * The parameters of a template: what was given, else the default, held against what is declared.
 *
 * @module
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
import type { Findings } from './findings.ts';
import { entryOf, list, scalar, textOf, unresolved, valueOf } from './tree.ts';
import type { Tree } from './tree.ts';

export interface Parameters {
  has(name: string): boolean;
  /** The value `Ref` gives. */
  value(name: string, line: number): Tree;
}

/**
 * @param declared - the `Parameters` section
 * @param given - values by name
 */
export function parametersOf(
  declared: Tree | undefined,
  given: Readonly<Record<string, string>>,
  findings: Findings,
): Parameters {
  const entries = declared?.kind === 'map' ? declared.entries : new Map<never, never>();
  for (const name of Object.keys(given)) {
    if (!entries.has(name)) findings.error(declared?.line ?? 1, `there is no parameter "${name}"`);
  }
  const values = new Map<string, Tree>();
  for (const [name, { value, line }] of entries) {
    values.set(
      name,
      valueOfParameter(name, value, Object.hasOwn(given, name) ? given[name] : undefined, line, findings),
    );
  }
  return {
    has: (name) => values.has(name),
    value(name, line) {
      const parameter = valueOf(declared, name);
      const type = textOf(valueOf(parameter, 'Type')) ?? '';
      // Told where it is used: CDK declares one that nobody refers to.
      if (isStored(type) && !Object.hasOwn(given, name)) {
        const stored = textOf(valueOf(parameter, 'Default')) ?? name;
        findings.unknown(
          line,
          `parameter "${name}" is the value of SSM parameter "${stored}", which is not known here: its name is taken; give "${name}" a value`,
        );
      }
      return values.get(name) ?? unresolved(line);
    },
  };
}

function valueOfParameter(
  name: string,
  declared: Tree,
  given: string | undefined,
  line: number,
  findings: Findings,
): Tree {
  const type = textOf(valueOf(declared, 'Type'));
  if (type === undefined) findings.error(line, `parameter "${name}": Type is missing`);
  else if (!isType(type)) findings.error(line, `parameter "${name}": "${type}" is no type of parameters`);

  const text = given ?? textOf(valueOf(declared, 'Default'));
  if (text === undefined) {
    findings.error(
      line,
      `parameter "${name}" has no default and was given no value: --parameter ${name}=… gives one`,
    );
    return unresolved(line);
  }
  // A stored value is not known, so there is nothing to hold against the rules.
  if (!isStored(type ?? '')) checkValue(name, declared, type ?? 'String', text, findings);
  if (type === undefined || !isList(type)) return scalar(text, line);
  const items = text === '' ? [] : text.split(',').map((item) => scalar(item.trim(), line));
  return list(items, line);
}

function checkValue(name: string, declared: Tree, type: string, text: string, findings: Findings): void {
  const rule = (key: string): readonly [string | undefined, number] => {
    const entry = entryOf(declared, key);
    return [textOf(entry?.value), entry?.line ?? declared.line];
  };
  const refuse = (line: number, key: string, why: string): void =>
    findings.error(line, `parameter "${name}" breaks ${key}: ${why}`);

  const allowed = entryOf(declared, 'AllowedValues');
  if (allowed?.value.kind === 'list') {
    const values = allowed.value.items.map((item) => textOf(item));
    const taken = isList(type) ? text.split(',').map((item) => item.trim()) : [text];
    if (!taken.every((value) => values.includes(value)))
      refuse(allowed.line, 'AllowedValues', `expected one of ${values.join(', ')}, got "${text}"`);
  }

  const [pattern, patternLine] = rule('AllowedPattern');
  if (
    pattern !== undefined &&
    !matches(pattern, text, () => refuse(patternLine, 'AllowedPattern', 'it is no regular expression'))
  )
    refuse(patternLine, 'AllowedPattern', `the value does not match ${pattern}`);

  for (const [key, measure, fits] of [
    ['MinLength', text.length, (limit: number) => text.length >= limit],
    ['MaxLength', text.length, (limit: number) => text.length <= limit],
    ['MinValue', Number(text), (limit: number) => Number(text) >= limit],
    ['MaxValue', Number(text), (limit: number) => Number(text) <= limit],
  ] as const) {
    const [limit, line] = rule(key);
    if (limit !== undefined && !fits(Number(limit))) refuse(line, key, `${limit}, got ${measure}`);
  }

  const numbers = type === 'Number' ? [text] : type === 'List<Number>' ? text.split(',') : [];
  if (numbers.some((number) => number.trim() === '' || !Number.isFinite(Number(number))))
    refuse(declared.line, 'Type', `expected ${type === 'Number' ? 'a number' : 'numbers'}, got "${text}"`);
}

/** Whether the whole text matches. A pattern that is none counts as told of, and matches. */
function matches(pattern: string, text: string, onFault: () => void): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(text);
  } catch {
    onFault();
    return true;
  }
}

function isStored(type: string): boolean {
  return type.startsWith('AWS::SSM::Parameter::Value<');
}

function isList(type: string): boolean {
  return /^(?:CommaDelimitedList$|List<)|<(?:List<|CommaDelimitedList>)/.test(type);
}

function isType(type: string): boolean {
  return /^(?:String|Number|CommaDelimitedList|List<(?:Number|String|AWS::[\w:]+)>|AWS::[\w:]+(?:<.+>)?)$/.test(
    type,
  );
}
