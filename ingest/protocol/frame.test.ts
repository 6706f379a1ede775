import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { terminalBcd } from './bcd.ts';
import { type Direction, decodeHeader, type Envelope, openFrame, sealFrame } from './frame.ts';

const key = Buffer.alloc(32, 0x11);
const envelope: Envelope = { key, terminalBcd: terminalBcd('0042'), generation: 3, counter: 77 };

function open(frame: Uint8Array, direction: Direction, by: Partial<Envelope> = {}) {
  const { key, terminalBcd } = { ...envelope, ...by };
  const header = decodeHeader(frame, direction);
  return header.ok ? openFrame(frame, header, key, terminalBcd) : header;
}

const payloads = fc.uint8Array({ maxLength: 1000 });
const envelopes = fc.record({
  key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  terminalBcd: fc.bigInt({ min: 0n, max: 10n ** 16n - 1n }).map((n) => terminalBcd(`${n}`)),
  generation: fc.integer({ min: 0, max: 255 }),
  counter: fc.integer({ min: 1, max: 0xffffffff }),
});

describe('a frame', () => {
  it('comes back as it was sealed', () => {
    fc.assert(
      fc.property(envelopes, fc.integer({ min: 0, max: 255 }), payloads, (by, type, payload) => {
        const direction = type < 0x80 ? 'up' : 'down';
        const frame = sealFrame(by, type, payload);
        const { generation, counter } = by;
        expect(decodeHeader(frame, direction)).toMatchObject({ generation, type, counter });
        expect(open(frame, direction, by)).toEqual({ ok: true, payload: Buffer.from(payload) });
      }),
    );
  });

  it('carries the first four bytes of its tag as a signed check', () => {
    const frame = sealFrame(envelope, 0x01, Buffer.from('payload'));
    const check = frame.readInt32BE(frame.length - 16);
    expect(decodeHeader(frame, 'up')).toMatchObject({ ok: true, check });
  });

  it('is not accepted with any single bit changed', () => {
    fc.assert(
      fc.property(envelopes, fc.uint8Array({ maxLength: 40 }), (by, payload) => {
        const frame = sealFrame(by, 0x01, payload);
        for (let bit = 0; bit < frame.length * 8; bit += 1) {
          const changed = Buffer.from(frame);
          changed[bit >> 3]! ^= 0x80 >> (bit & 7);
          expect(open(changed, 'up', by).ok).toBe(false);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is not accepted with bytes cut off or added', () => {
    const frame = sealFrame(envelope, 0x01, Buffer.alloc(60, 5));
    for (let length = 0; length < frame.length; length += 1) {
      expect(open(frame.subarray(0, length), 'up').ok).toBe(false);
      expect(open(frame.subarray(frame.length - length), 'up').ok).toBe(false);
    }
    expect(open(Buffer.concat([frame, Buffer.alloc(1)]), 'up').ok).toBe(false);
  });

  it('proves its terminal, so that another terminal cannot send it', () => {
    const frame = sealFrame(envelope, 0x01, Buffer.from('payload'));
    for (const number of ['42', '042', '00042', '43']) {
      const opened = open(frame, 'up', { terminalBcd: terminalBcd(number) });
      expect(opened).toMatchObject({ reason: 'authentication_failed' });
    }
  });

  it('proves its key, so that another generation does not open it', () => {
    const frame = sealFrame(envelope, 0x01, Buffer.from('payload'));
    const opened = open(frame, 'up', { key: Buffer.alloc(32, 0x12) });
    expect(opened).toEqual({ ok: false, reason: 'authentication_failed', offset: 8 });
  });

  it('of one direction is no frame of the other, even under one key and counter', () => {
    const up = sealFrame(envelope, 0x01, Buffer.from('payload'));
    expect(open(up, 'down')).toEqual({ ok: false, reason: 'wrong_direction', offset: 3 });
    const turned = Buffer.from(up);
    turned[3] = 0x81;
    expect(open(turned, 'down')).toMatchObject({ reason: 'authentication_failed' });
  });
});

describe('random bytes', () => {
  it('up to 1 KiB are never accepted', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1024 }), (bytes) => {
        expect(open(bytes, 'up').ok).toBe(false);
        expect(open(bytes, 'down').ok).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('behind a perfect header are never accepted', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 1016 }), (bytes) => {
        const frame = Buffer.concat([Buffer.from([1, 1, 3, 1, 0, 0, 0, 77]), bytes]);
        expect(open(frame, 'up')).toMatchObject({ ok: false, reason: 'authentication_failed' });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a header', () => {
  const frame = sealFrame(envelope, 0x01, Buffer.from('payload'));
  const withByte = (offset: number, value: number) => {
    const changed = Buffer.from(frame);
    changed[offset] = value;
    return changed;
  };

  it.each([
    ['nothing at all', Buffer.alloc(0), 'frame_too_short', 0],
    ['23 bytes', frame.subarray(0, 23), 'frame_too_short', 23],
    ['1,025 bytes', Buffer.alloc(1025, 1), 'frame_too_long', 1024],
    ['version 2', withByte(0, 2), 'unsupported_version', 0],
    ['suite 0', withByte(1, 0), 'unsupported_suite', 1],
    ['a type of the other direction', withByte(3, 0x81), 'wrong_direction', 3],
    ['counter 0', withByte(7, 0), 'bad_counter', 4],
  ])('is refused with %s', (_, bytes, reason, offset) => {
    expect(decodeHeader(bytes, 'up')).toEqual({ ok: false, reason, offset });
  });
});

describe('sealing', () => {
  it.each([
    ['counter 0', { counter: 0 }],
    ['a counter past 32 bits', { counter: 2 ** 32 }],
    ['generation 256', { generation: 256 }],
    ['a short key', { key: Buffer.alloc(16) }],
    ['an unpacked terminal number', { terminalBcd: Buffer.from('0042') }],
  ])('throws on %s', (_, wrong) => {
    expect(() => sealFrame({ ...envelope, ...wrong }, 0x01, Buffer.alloc(4))).toThrow(RangeError);
  });

  it('throws on a payload that makes the frame longer than 1,024 bytes', () => {
    expect(sealFrame(envelope, 0x01, Buffer.alloc(1000))).toHaveLength(1024);
    expect(() => sealFrame(envelope, 0x01, Buffer.alloc(1001))).toThrow(RangeError);
  });
});
