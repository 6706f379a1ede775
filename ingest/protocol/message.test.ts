import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { terminalBcd } from './bcd.ts';
import { decodeHeader, openFrame } from './frame.ts';
import {
  DOWNLINK_NAMES,
  type DownlinkMessage,
  decodeDownlink,
  decodeUplink,
  encodeMessage,
  MESSAGE_TYPE,
  sealMessage,
  UPLINK_NAMES,
  type UplinkMessage,
} from './message.ts';
import { downlinkMessage, uplinkMessage } from './testing-messages.ts';

const envelope = {
  key: Buffer.alloc(32, 0x21),
  terminalBcd: terminalBcd('12345678'),
  generation: 0,
  counter: 1,
};

function isUplink(message: UplinkMessage | DownlinkMessage): message is UplinkMessage {
  return MESSAGE_TYPE[message.type] < 0x80;
}

function decode(type: number, payload: Uint8Array) {
  return type < 0x80 ? decodeUplink(type, payload) : decodeDownlink(type, payload);
}

const anyMessage = fc.oneof(uplinkMessage, downlinkMessage);

describe('every message', () => {
  it('decodes to itself through a sealed frame', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const frame = sealMessage(envelope, message);
        const header = decodeHeader(frame, isUplink(message) ? 'up' : 'down');
        if (!header.ok) throw new Error(header.reason);
        const opened = openFrame(frame, header, envelope.key, envelope.terminalBcd);
        if (!opened.ok) throw new Error(opened.reason);
        expect(decode(header.type, opened.payload)).toEqual({ ok: true, message });
      }),
      { numRuns: 500 },
    );
  });

  it('is refused with a byte missing or a byte too many', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const payload = encodeMessage(message);
        const type = MESSAGE_TYPE[message.type];
        const short = payload.subarray(0, -1);
        expect(decode(type, short)).toMatchObject({ reason: 'truncated', offset: short.length });
        const long = Buffer.concat([payload, Buffer.alloc(1)]);
        const offset = payload.length;
        expect(decode(type, long)).toMatchObject({ reason: 'trailing_bytes', offset });
      }),
    );
  });
});

describe('the random messages of these tests', () => {
  it.each([
    ['a terminal', uplinkMessage, UPLINK_NAMES],
    ['the cloud', downlinkMessage, DOWNLINK_NAMES],
  ] as const)('are of every type of %s', (_, messages, names) => {
    const types = fc.sample<UplinkMessage | DownlinkMessage>(messages, 500).map(({ type }) => type);
    expect([...new Set(types)].toSorted()).toEqual([...names].toSorted());
  });
});

describe('any type with any payload', () => {
  it('gives a message that encodes to the same payload, or a reason', () => {
    const type = fc.oneof(fc.constantFrom(...Object.values(MESSAGE_TYPE)), fc.nat(255));
    const payload = fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.uint8Array({ maxLength: 1000 }));
    fc.assert(
      fc.property(type, payload, (type, bytes) => {
        const decoded = decode(type, bytes);
        if (decoded.ok) expect(encodeMessage(decoded.message)).toEqual(Buffer.from(bytes));
        else expect(decoded.reason).toMatch(/^[a-z_]+$/);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('a type', () => {
  it.each([0x04, 0x05, 0x06, 0x07, 0x08])('%i is reserved for terminals', (type) => {
    const expected = { ok: false, reason: 'unsupported_type', offset: 3 };
    expect(decodeUplink(type, Buffer.alloc(20))).toEqual(expected);
  });

  it.each([0x84, 0x85, 0x86, 0x87, 0x88, 0x89])('%i is reserved for the cloud', (type) => {
    const expected = { ok: false, reason: 'unsupported_type', offset: 3 };
    expect(decodeDownlink(type, Buffer.alloc(20))).toEqual(expected);
  });

  it.each([0x00, 0x09, 0x7f])('%i is unknown', (type) => {
    const expected = { ok: false, reason: 'unknown_type', offset: 3 };
    expect(decodeUplink(type, Buffer.alloc(20))).toEqual(expected);
  });

  it('of one direction has no decoder in the other', () => {
    expect(decodeUplink(MESSAGE_TYPE.test, Buffer.alloc(4)).ok).toBe(false);
    expect(decodeDownlink(MESSAGE_TYPE.test_call, Buffer.alloc(8)).ok).toBe(false);
  });
});

describe('a message for a terminal', () => {
  it.each([
    ['days in the wrong order', 0x81, '23cb23ca', 2],
    ['401 days', 0x81, '00000190', 2],
    ['a report minute of 1440', 0x82, '2f2f9aac05a0003c', 4],
    ['no report window', 0x82, '2f2f9aac00000000', 6],
    ['a report window of over a day', 0x82, '2f2f9aac000005a1', 6],
    ['a nonce of 0', 0x83, '00000000', 0],
  ])('is refused with %s', (_, type, payload, offset) => {
    const expected = { ok: false, reason: 'out_of_range', offset };
    expect(decodeDownlink(type, Buffer.from(payload, 'hex'))).toEqual(expected);
  });

  it.each<[string, DownlinkMessage]>([
    ['days in the wrong order', { type: 'report_days', fromDay: 2, toDay: 1 }],
    ['401 days', { type: 'report_days', fromDay: 0, toDay: 400 }],
    ['a day past 16 bits', { type: 'report_days', fromDay: 65535, toDay: 65536 }],
    [
      'a report minute of 1440',
      { type: 'set_clock', terminalTimeS: 0, reportMinute: 1440, windowMinutes: 1 },
    ],
    [
      'no report window',
      { type: 'set_clock', terminalTimeS: 0, reportMinute: 0, windowMinutes: 0 },
    ],
    ['a nonce below 0', { type: 'test', nonce: -1 }],
    ['a nonce of 0', { type: 'test', nonce: 0 }],
  ])('cannot be encoded with %s', (_, message) => {
    expect(() => encodeMessage(message)).toThrow(RangeError);
  });
});
