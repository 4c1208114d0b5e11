/**
 * `Fn::Cidr`: a network cut into smaller ones.
 *
 * @module
 */
import { describe, hasGap, list, scalar, textOf, unresolved } from '../tree.ts';
import type { Tree } from '../tree.ts';
import type { Scope } from './scope.ts';

/** Takes a block, a count and the bits of each subnet. IPv4 only: IPv6 is named as not played. */
export function cidr(argument: Tree, scope: Scope, line: number): Tree {
  if (hasGap(argument)) return unresolved(line);
  const [block, wanted, width] = argument.kind === 'list' ? argument.items.map((item) => textOf(item)) : [];
  if (block?.includes(':') === true) {
    scope.findings.unknown(line, 'Fn::Cidr: IPv6 is not cut here, left out');
    return unresolved(line);
  }
  const subnets = cut(block ?? '', Number(wanted), Number(width ?? 8));
  if (subnets !== undefined)
    return list(
      subnets.map((subnet) => scalar(subnet, line)),
      line,
    );
  scope.findings.error(
    line,
    `Fn::Cidr takes a block such as 10.0.0.0/16, a count from 1 to 256 that fits into it, and the bits of a subnet; got ${describe(argument)}`,
  );
  return unresolved(line);
}

function cut(block: string, count: number, bits: number): readonly string[] | undefined {
  const [, address = '', mask = ''] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(block) ?? [];
  const parts = address.split('.').map(Number);
  const prefix = 32 - bits;
  const fits = Number.isInteger(count) && count >= 1 && count <= 256 && Number.isInteger(bits) && bits >= 1;
  if (parts.length !== 4 || parts.some((part) => part > 255) || Number(mask) > 32 || !fits) return undefined;
  if (prefix < Number(mask) || count > 2 ** (prefix - Number(mask))) return undefined;

  const given = parts.reduce((sum, part) => sum * 256 + part, 0);
  const start = given - (given % 2 ** (32 - Number(mask)));
  return Array.from({ length: count }, (_, index) => {
    const network = start + index * 2 ** bits;
    return `${[24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join('.')}/${prefix}`;
  });
}
