import { isIPv6 } from 'node:net';

const MAPPED = /^::ffff:([\da-f]+):([\da-f]+)$/;

/**
 * Network that counts as one client: an IPv4 address (also IPv4-mapped) as it is; the first 64 bits of an IPv6 address,
 * because each subscriber has at least that many addresses; empty without an address, so that all such clients count as
 * one.
 */
export function networkOf(address: string | undefined): string {
  const bare = address?.split('%')[0] ?? '';
  if (!isIPv6(bare)) return bare;
  const short = shortForm(bare);
  const [, high, low] = MAPPED.exec(short) ?? [];
  if (high !== undefined && low !== undefined) return [high, low].flatMap(bytesOf).join('.');
  const [head = '', tail = ''] = short.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}

/** [RFC 5952] Small letters, no leading zeros, the longest run of zeros as `::`, no part in dotted decimals. */
function shortForm(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

function bytesOf(group: string): number[] {
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}
