/**
 * Addresses of gateways: as the template gives them, and where they are here.
 *
 * @module
 */
import type { AppGateway } from '../template/app.ts';

/** Puts an address here in place of each address of AWS in a text. */
export type Readdress = (text: string) => string;

/**
 * A stage is part of the path in both, so it stays.
 *
 * @param urls - of gateways by their logical id
 */
export function readdressing(
  gateways: readonly AppGateway[],
  urls: Readonly<Record<string, string>>,
): Readdress {
  const origins = new Map(
    gateways.map(({ id, name }) => [name.toLowerCase(), new URL(urls[id] ?? 'http://127.0.0.1').origin]),
  );
  return (text) =>
    text.replaceAll(
      /https:\/\/([\w-]+)\.(?:execute-api\.[\w-]+\.amazonaws\.com|lambda-url\.[\w-]+\.on\.aws)/gu,
      (address, name: string) => origins.get(name.toLowerCase()) ?? address,
    );
}

/** The same for all values of a record. */
export function readdressed(
  values: Readonly<Record<string, string>>,
  readdress: Readdress,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, readdress(value)]));
}
