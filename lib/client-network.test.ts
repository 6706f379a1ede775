import { describe, expect, it } from 'vitest';
import { networkOf } from './client-network.ts';

describe('the network of a client', () => {
  it.each([
    ['an IPv4 address', '192.0.2.7', '192.0.2.7'],
    ['an IPv4 address written as IPv6', '::ffff:192.0.2.7', '192.0.2.7'],
    ['the same in hexadecimal digits', '::FFFF:c000:0207', '192.0.2.7'],
    ['an IPv6 address', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['the same network with leading zeros', '2001:0db8:0001:2::9', '2001:db8:1:2::/64'],
    ['capital letters', '2001:0DB8::12:ffff:0:0:9', '2001:db8:0:12::/64'],
    ['a short one', '2001:db8::1', '2001:db8:0:0::/64'],
    ['a zero among the first four parts', '2001:db8:0:12::1', '2001:db8:0:12::/64'],
    ['one that ends in dotted decimals', 'ab::3:4:5:6:192.0.2.7', 'ab:0:3:4::/64'],
    ['a link-local one with its interface', 'fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['loopback', '::1', '0:0:0:0::/64'],
    ['none noted', '', ''],
    ['a socket that has gone', undefined, ''],
  ])('%s', (_, address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
