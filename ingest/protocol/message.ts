import { createDayReport, type DayReport, decodeDayReport, encodeDayReport } from './day-report.ts';
import type { Decoded, Refused } from './decoded.ts';
import * as down from './down.ts';
import { type Envelope, sealFrame } from './frame.ts';
import { decodeStatus, encodeStatus, type StatusMessage } from './status.ts';
import { decodeTestCall, encodeTestCall, type TestCall } from './test-call.ts';

/** The type bytes of the messages that exist [TERM-7]. */
export const MESSAGE_TYPE = {
  day_report: 0x01,
  status: 0x02,
  test_call: 0x03,
  report_days: 0x81,
  set_clock: 0x82,
  test: 0x83,
} as const;

/** [TERM-10] types whose number is taken and whose payload is not defined yet. */
const RESERVED_TYPES: ReadonlySet<number> = new Set([
  0x04, 0x05, 0x06, 0x07, 0x08, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89,
]);

const TYPE_OFFSET = 3;

/** What a terminal says. */
export type UplinkMessage =
  | { readonly type: 'day_report'; readonly report: DayReport }
  | StatusMessage
  | TestCall;

/** What the cloud says. */
export type DownlinkMessage = down.ReportDays | down.SetClock | down.Test;

/** A type byte without a decoder; the offset is that of the type in the frame's header. */
function refuseType(type: number): Refused {
  const reason = RESERVED_TYPES.has(type) ? 'unsupported_type' : 'unknown_type';
  return { ok: false, reason, offset: TYPE_OFFSET };
}

/**
 * Decodes an opened uplink payload. A day report gets a structure of its own; where many are to be
 * decoded, `decodeDayReport` fills one again and again.
 */
export function decodeUplink(type: number, payload: Uint8Array): Decoded<UplinkMessage> {
  switch (type) {
    case MESSAGE_TYPE.day_report: {
      const report = createDayReport();
      const decoded = decodeDayReport(payload, report);
      return decoded.ok ? { ok: true, message: { type: 'day_report', report } } : decoded;
    }
    case MESSAGE_TYPE.status:
      return decodeStatus(payload);
    case MESSAGE_TYPE.test_call:
      return decodeTestCall(payload);
    default:
      return refuseType(type);
  }
}

/** Decodes an opened downlink payload. */
export function decodeDownlink(type: number, payload: Uint8Array): Decoded<DownlinkMessage> {
  switch (type) {
    case MESSAGE_TYPE.report_days:
      return down.decodeReportDays(payload);
    case MESSAGE_TYPE.set_clock:
      return down.decodeSetClock(payload);
    case MESSAGE_TYPE.test:
      return down.decodeTest(payload);
    default:
      return refuseType(type);
  }
}

/** Encodes a message's payload; a RangeError on a value that its field cannot hold. */
export function encodeMessage(message: UplinkMessage | DownlinkMessage): Buffer {
  switch (message.type) {
    case 'day_report':
      return encodeDayReport(message.report);
    case 'status':
      return encodeStatus(message);
    case 'test_call':
      return encodeTestCall(message);
    case 'report_days':
      return down.encodeReportDays(message);
    case 'set_clock':
      return down.encodeSetClock(message);
    case 'test':
      return down.encodeTest(message);
  }
}

/** Encodes a message and seals it into a frame; the key must be the one for its direction. */
export function sealMessage(envelope: Envelope, message: UplinkMessage | DownlinkMessage): Buffer {
  return sealFrame(envelope, MESSAGE_TYPE[message.type], encodeMessage(message));
}
