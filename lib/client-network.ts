import { isIPv6 } from 'node:net';

const MAPPED = /^::ffff:([\da-f]+):([\da-f]+)$/;

/**
 * The network that counts as one client: an IPv4 address, also one written as IPv6, as it is; of an IPv6 address the first
 * 64 bits, since a subscriber has at least so many addresses; empty without an address, so that all such count together.
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
