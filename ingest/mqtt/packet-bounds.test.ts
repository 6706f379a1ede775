import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PacketBounds } from './packet-bounds.ts';

function packetOf(length: number): Buffer {
  const head = [0x32];
  for (let rest = length; ; rest >>= 7) {
    head.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Buffer.from(head), Buffer.alloc(length, 0xff)]);
}

function acceptsInPieces(stream: Buffer, cuts: readonly number[], maxBytes: number): boolean {
  const bounds = new PacketBounds(maxBytes);
  const at = [
    0,
    ...cuts.map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b),
    stream.length,
  ];
  return at.slice(1).every((end, i) => bounds.faultOf(stream.subarray(at[i], end)) === undefined);
}

describe('the bounds of packets', () => {
  it('let through what is not larger, however the stream is cut', () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lengths, fc.array(fc.nat()), (each, cuts) => {
        expect(acceptsInPieces(Buffer.concat(each.map(packetOf)), cuts, 300)).toBe(true);
      }),
    );
  });

  it('find the one that is larger, however the stream is cut', () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 8 });
    fc.assert(
      fc.property(
        lengths,
        fc.integer({ min: 301, max: 70_000 }),
        fc.array(fc.nat()),
        (each, large, cuts) => {
          const stream = Buffer.concat([...each, large].map(packetOf));
          expect(acceptsInPieces(stream, cuts, 300)).toBe(false);
        },
      ),
    );
  });

  it('count each packet once, however the stream is cut', () => {
    const types = fc.array(fc.constantFrom(0x32, 0x40), { maxLength: 8 });
    fc.assert(
      fc.property(types, fc.integer({ min: 1, max: 5 }), (each, step) => {
        const stream = Buffer.concat(each.map((type) => Buffer.from([type, 2, 0x32, 0x32])));
        const bounds = new PacketBounds(300);
        for (let at = 0; at < stream.length; at += step)
          expect(bounds.faultOf(stream.subarray(at, at + step))).toBeUndefined();
        const publishes = each.filter((type) => type === 0x32).length;
        expect(bounds.counts).toEqual({ publishes, others: each.length - publishes });
      }),
    );
  });

  it('refuse a length of five bytes', () => {
    const packet = Buffer.from([0x32, 0x80, 0x80, 0x80, 0x80, 0x01]);
    expect(new PacketBounds(1e9).faultOf(packet)).toBe('oversize');
  });

  it('report each acknowledgement, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), (step) => {
        const identifiers: number[] = [];
        const bounds = new PacketBounds(300, (identifier) => identifiers.push(identifier));
        const stream = Buffer.from('40020001320332323240021234', 'hex');
        for (let at = 0; at < stream.length; at += step)
          expect(bounds.faultOf(stream.subarray(at, at + step))).toBeUndefined();
        expect(identifiers).toEqual([1, 0x1234]);
      }),
    );
  });
});
