/**
 * Repeated names, in the three shapes that events have for them.
 *
 * Records are made by `Object.fromEntries`, which makes `__proto__` an own key as `JSON.parse` does.
 *
 * @module
 */

/** Headers or query parameters in the order they were sent. */
export type Pairs = ReadonlyArray<readonly [name: string, value: string]>;

/** Every value of a name: `{ a: ['1', '2'] }`. */
export function listed(pairs: Pairs): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const list = values.get(name);
    if (list === undefined) values.set(name, [value]);
    else list.push(value);
  }
  return Object.fromEntries(values);
}

/** The last value of a name: `{ a: '2' }`. */
export function lastOfEach(pairs: Pairs): Record<string, string> {
  return Object.fromEntries(pairs);
}

/** The values of a name with commas between: `{ a: '1,2' }`. */
export function joined(pairs: Pairs): Record<string, string> {
  return Object.fromEntries(Object.entries(listed(pairs)).map(([name, values]) => [name, values.join(',')]));
}

/** Pairs of a record in which a list stands for a repeated name. */
export function flattened(record: Readonly<Record<string, string | readonly string[]>>): Pairs {
  return Object.entries(record).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : value.map((one) => [name, one] as const),
  );
}

/** Values of a header, whatever case its name is in. */
export function headerValues(headers: Pairs, name: string): string[] {
  return headers.filter(([one]) => isNamed(one, name)).map(([, value]) => value);
}

/** Headers with lower-case names, as every source but a REST API gives them. */
export function lowerCased(headers: Pairs): Pairs {
  return headers.map(([name, value]) => [name.toLowerCase(), value]);
}

/** Whether a header's name, in any case, is this one. */
export function isNamed(name: string, lowerCase: string): boolean {
  return name.toLowerCase() === lowerCase;
}
