import {
  LATEST_REPORT_MINUTE,
  LONGEST_REPORT_WINDOW_MINUTES,
} from '../../lib/readings/report-window.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter, requireWithin } from './byte-writer.ts';
import type { Decoded } from './decode-result.ts';

const MAX_DAYS = 400;

/** Requests the days `fromDay` to `toDay`, both included, at most 400 of them [TERM-7.4]. */
export type ReportDays = {
  readonly type: 'report_days';
  /** JST day as days since 2000-01-01. */
  readonly fromDay: number;
  readonly toDay: number;
};

/** Sets the terminal's clock and its daily report window [TERM-7.5]. */
export type SetClock = {
  readonly type: 'set_clock';
  /** Present terminal time [TERM-6.1]. */
  readonly terminalTimeS: number;
  /** Begin of the window: minute of the JST day, 0 to 1,439. */
  readonly reportMinute: number;
  /** Length of the window, 1 to 1,440 minutes; it may extend past midnight. */
  readonly windowMinutes: number;
};

/** Requests a test call with the same nonce, 1 to 4,294,967,295 [TERM-7.6]. */
export type Test = { readonly type: 'test'; readonly nonce: number };

/** Decodes the payload of a request to report days again [TERM-7.4]. */
export function decodeReportDays(payload: Uint8Array): Decoded<ReportDays> {
  const reader = new ByteReader(payload);
  const fromDay = reader.u16();
  const toDay = reader.u16();
  const days = toDay - fromDay + 1;
  if (days < 1 || days > MAX_DAYS) reader.refuse('out_of_range', 2);
  return reader.refusal() ?? { ok: true, message: { type: 'report_days', fromDay, toDay } };
}

/** Encodes a request to report days again; a RangeError on a span that is empty or over 400 days. */
export function encodeReportDays(message: ReportDays): Buffer {
  const writer = new ByteWriter();
  writer.u16('fromDay', message.fromDay);
  requireWithin('days asked for', message.toDay - message.fromDay + 1, 1, MAX_DAYS);
  writer.u16('toDay', message.toDay);
  return writer.bytes();
}

/** Decodes the payload of a clock and report window setting [TERM-7.5]. */
export function decodeSetClock(payload: Uint8Array): Decoded<SetClock> {
  const reader = new ByteReader(payload);
  const terminalTimeS = reader.u32();
  const reportMinute = reader.u16();
  if (reportMinute > LATEST_REPORT_MINUTE) reader.refuse('out_of_range', 4);
  const windowMinutes = reader.u16();
  if (windowMinutes < 1 || windowMinutes > LONGEST_REPORT_WINDOW_MINUTES)
    reader.refuse('out_of_range', 6);
  const message: SetClock = { type: 'set_clock', terminalTimeS, reportMinute, windowMinutes };
  return reader.refusal() ?? { ok: true, message };
}

/** Encodes a clock and report window setting; a RangeError on a value that does not fit. */
export function encodeSetClock(message: SetClock): Buffer {
  const writer = new ByteWriter();
  writer.u32('terminalTimeS', message.terminalTimeS);
  requireWithin('reportMinute', message.reportMinute, 0, LATEST_REPORT_MINUTE);
  writer.u16('reportMinute', message.reportMinute);
  requireWithin('windowMinutes', message.windowMinutes, 1, LONGEST_REPORT_WINDOW_MINUTES);
  writer.u16('windowMinutes', message.windowMinutes);
  return writer.bytes();
}

/** Decodes the payload of a test [TERM-7.6]. */
export function decodeTest(payload: Uint8Array): Decoded<Test> {
  const reader = new ByteReader(payload);
  const nonce = reader.u32();
  // 0 is the nonce of an unrequested test call.
  if (nonce === 0) reader.refuse('out_of_range', 0);
  return reader.refusal() ?? { ok: true, message: { type: 'test', nonce } };
}

/** Encodes a test; a RangeError on a nonce that does not fit, 0 included. */
export function encodeTest(message: Test): Buffer {
  const writer = new ByteWriter();
  requireWithin('nonce', message.nonce, 1, 0xffffffff);
  writer.u32('nonce', message.nonce);
  return writer.bytes();
}
