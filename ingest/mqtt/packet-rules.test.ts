import { describe, expect, it } from 'vitest';
import { PacketBounds } from './packet-bounds.ts';
import type { PacketFault } from './packet-rules.ts';

// Packets as bytes. A CONNECT is split into parts so that each row changes one thing.
const text = (value: string) =>
  `${value.length.toString(16).padStart(4, '0')}${Buffer.from(value).toString('hex')}`;
const packet = (type: string, body: string) =>
  `${type}${(body.length / 2).toString(16).padStart(2, '0')}${body}`;
const connect = (change: { name?: string; level?: string; flags?: string; texts?: string } = {}) =>
  packet(
    '10',
    `${text(change.name ?? 'MQTT')}${change.level ?? '04'}${change.flags ?? 'c2'}003c` +
      (change.texts ?? `${text('7')}${text('7')}${text('secret')}`),
  );
const own = text('t/7/down');

describe('a packet', () => {
  it.each<[string, string, PacketFault | undefined]>([
    ['CONNECT', connect(), undefined],
    ['CONNECT with a will', connect({ flags: 'c6', texts: text('7').repeat(5) }), undefined],
    ['CONNECT without user and password', connect({ flags: '02', texts: text('7') }), undefined],
    ['CONNECT of level 3', connect({ name: 'MQIsdp', level: '03' }), 'wrong_protocol'],
    ['CONNECT of level 3 under the name of 4', connect({ level: '03' }), 'wrong_protocol'],
    ['CONNECT of level 5', connect({ level: '05' }), 'wrong_protocol'],
    ['CONNECT of level 84', connect({ level: '84' }), 'wrong_protocol'],
    ['CONNECT under another name', connect({ name: 'mqtt' }), 'wrong_protocol'],
    [
      'CONNECT with a byte after its end',
      connect({ texts: `${text('7').repeat(3)}00` }),
      'malformed',
    ],
    ['CONNECT that is too short', connect({ texts: text('7') }), 'malformed'],
    ['CONNECT of nothing', '1000', 'malformed'],
    ['CONNECT with the reserved flag', connect({ flags: 'c3' }), 'malformed'],
    ['CONNECT with QoS of no will', connect({ flags: 'ca' }), 'malformed'],
    [
      'CONNECT with a password without user',
      connect({ flags: '42', texts: text('7').repeat(2) }),
      'malformed',
    ],
    ['CONNECT with flags in its header', `11${connect().slice(2)}`, 'malformed'],
    ['PUBLISH with QoS 3', '3600', 'malformed'],
    ['PUBACK', '40020001', undefined],
    ['PUBACK of identifier 0', '40020000', 'malformed'],
    ['PUBACK of one byte', '400101', 'malformed'],
    ['PUBACK of three bytes', '4003000100', 'malformed'],
    ['PUBACK with flags', '41020001', 'malformed'],
    ['SUBSCRIBE', packet('82', `0001${own}01`), undefined],
    ['SUBSCRIBE of identifier 0', packet('82', `0000${own}01`), 'malformed'],
    ['SUBSCRIBE with wrong flags', packet('80', `0001${own}01`), 'malformed'],
    ['SUBSCRIBE with QoS 3', packet('82', `0001${own}03`), 'malformed'],
    ['SUBSCRIBE without QoS', packet('82', `0001${own}`), 'malformed'],
    ['SUBSCRIBE of nothing', packet('82', '0001'), 'malformed'],
    ['SUBSCRIBE of two filters', packet('82', `0001${own}01${own}01`), 'wrong_subscription'],
    ['SUBSCRIBE that is too short', packet('82', '000100ff'), 'malformed'],
    ['UNSUBSCRIBE', packet('a2', `0001${own}`), undefined],
    ['UNSUBSCRIBE of identifier 0', packet('a2', `0000${own}`), 'malformed'],
    ['PINGREQ', 'c000', undefined],
    ['PINGREQ with a body', 'c00100', 'malformed'],
    ['DISCONNECT', 'e000', undefined],
    ['DISCONNECT with a body', 'e00100', 'malformed'],
    ['PUBREC', '50020001', 'malformed'],
    ['PUBREL', '62020001', 'malformed'],
    ['CONNACK', '20020000', 'malformed'],
    ['type 0', '0000', 'malformed'],
    ['type 15', 'f000', 'malformed'],
  ])('%s is taken or not, whole and byte by byte', (_, hex, fault) => {
    const bytes = Buffer.from(hex, 'hex');
    expect(new PacketBounds(1024).faultOf(bytes)).toBe(fault);
    const bounds = new PacketBounds(1024);
    const faults = [...bytes].map((byte) => bounds.faultOf(Buffer.from([byte])));
    expect(faults.find((each) => each !== undefined)).toBe(fault);
  });
});
