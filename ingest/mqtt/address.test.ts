import { describe, expect, it } from 'vitest';
import { networkOf } from './address.ts';

describe('the network of a remote address', () => {
  it.each([
    ['an IPv4 address', '192.0.2.7', '192.0.2.7'],
    ['an IPv4 address in IPv6 form', '::ffff:192.0.2.7', '192.0.2.7'],
    ['an IPv6 address', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['the same network otherwise', '2001:0db8:0001:2::9', '2001:db8:1:2::/64'],
    ['a short one', '2001:db8::1', '2001:db8:0:0::/64'],
    ['a link-local one with its interface', 'fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['loopback', '::1', '0:0:0:0::/64'],
    ['a socket that has gone', undefined, ''],
  ])('%s', (_, remoteAddress, network) => {
    expect(networkOf(remoteAddress)).toBe(network);
  });
});
