import { ByteReader } from './byte-reader.ts';
import { ByteWriter, requireWithin } from './byte-writer.ts';
import type { Refused } from './decode-result.ts';
import { hourBit, valueAt } from './hourly-values.ts';
import { readStatus, type TerminalStatus, writeStatus } from './status.ts';

const HOURS = 24;
const SERIAL_BYTES = 6;
const FLAG_HISTORY = 0x01;
const FLAG_REQUESTED = 0x02;
const MAX_INDEX_L = 0x7fffffff;
const MIN_PRESSURE_PA = -0x8000;
const MAX_PRESSURE_PA = 0x7fff;
const DECODED = { ok: true } as const;

/**
 * One meter's JST day as a terminal reports it [TERM-7.1]. Reusable for frame after frame: decoding overwrites every
 * field. A value whose bit in the mask is clear is missing (its element is 0); `hourlyValues` gives arrays with nulls.
 */
export type DayReport = TerminalStatus & {
  /** Sent as history, unrequested, for a time before the terminal reported live. */
  history: boolean;
  /** Answers a request to report days again. */
  requested: boolean;
  /** The JST day, as days since 2000-01-01. */
  day: number;
  /** The meter's serial, 1 to 12 decimal digits. */
  meterSerial: string;
  /** Terminal time at sealing, seconds since 2000-01-01T00:00:00Z. */
  terminalTimeS: number;
  /** The register at k:00 in litres, element k − 1; 0 to 2,147,483,647. */
  readonly indexL: Int32Array;
  indexMask: number;
  /** The supply pressure at k:00 in pascals, element k − 1. */
  readonly pressurePa: Int16Array;
  pressureMask: number;
};

/** An empty report to decode into: day 0, every hour missing. */
export function createDayReport(): DayReport {
  return {
    history: false,
    requested: false,
    day: 0,
    meterSerial: '',
    terminalTimeS: 0,
    indexL: new Int32Array(HOURS),
    indexMask: 0,
    pressurePa: new Int16Array(HOURS),
    pressureMask: 0,
    batteryMv: 0,
    signalDbm: null,
    link: 'wan',
    firmware: 0,
  };
}

/** [TERM-7.1.3] The first present index in full, the others as differences to the previous one. */
function readIndexes(reader: ByteReader, report: DayReport): void {
  const mask = reader.u24();
  report.indexMask = mask;
  report.indexL.fill(0);
  let value = -1;
  for (let hour = 1; hour <= HOURS; hour += 1) {
    if ((mask & hourBit(hour)) === 0) continue;
    const at = reader.offset;
    value = value < 0 ? reader.u32() : value + reader.zigzag();
    if (value < 0 || value > MAX_INDEX_L) {
      reader.refuse('out_of_range', at);
      return;
    }
    report.indexL[hour - 1] = value;
  }
}

/** [TERM-7.1.4] The same form with a signed 16-bit start. */
function readPressures(reader: ByteReader, report: DayReport): void {
  const mask = reader.u24();
  report.pressureMask = mask;
  report.pressurePa.fill(0);
  let previous: number | undefined;
  for (let hour = 1; hour <= HOURS; hour += 1) {
    if ((mask & hourBit(hour)) === 0) continue;
    const at = reader.offset;
    const value = previous === undefined ? reader.i16() : previous + reader.zigzag();
    if (value < MIN_PRESSURE_PA || value > MAX_PRESSURE_PA) {
      reader.refuse('out_of_range', at);
      return;
    }
    report.pressurePa[hour - 1] = value;
    previous = value;
  }
}

/**
 * Decodes the payload of a day report [TERM-7.1] into `report`, whose arrays are filled in place; only the serial is
 * allocated. After a refusal the report's content is undefined.
 */
export function decodeDayReport(
  payload: Uint8Array,
  report: DayReport,
): { readonly ok: true } | Refused {
  const reader = new ByteReader(payload);
  const flags = reader.u8();
  if ((flags & ~(FLAG_HISTORY | FLAG_REQUESTED)) !== 0) reader.refuse('reserved_flags', 0);
  report.history = (flags & FLAG_HISTORY) !== 0;
  report.requested = (flags & FLAG_REQUESTED) !== 0;
  report.day = reader.u16();
  report.meterSerial = reader.digits(SERIAL_BYTES);
  report.terminalTimeS = reader.u32();
  readIndexes(reader, report);
  readPressures(reader, report);
  readStatus(reader, report);
  return reader.refusal() ?? DECODED;
}

/** Meter and day of a day report, whatever follows them; undefined when they cannot be read. */
export function readDayReportHead(
  payload: Uint8Array,
): { day: number; meterSerial: string } | undefined {
  const reader = new ByteReader(payload);
  reader.u8();
  const day = reader.u16();
  const meterSerial = reader.digits(SERIAL_BYTES);
  // A serial has at least one digit: an empty one is a fault.
  return meterSerial === '' ? undefined : { day, meterSerial };
}

function writeIndexes(writer: ByteWriter, report: DayReport): void {
  writer.u24('indexMask', report.indexMask);
  let previous: number | undefined;
  for (let hour = 1; hour <= HOURS; hour += 1) {
    if ((report.indexMask & hourBit(hour)) === 0) continue;
    const value = valueAt(report.indexL, hour);
    requireWithin('indexL', value, 0, MAX_INDEX_L);
    if (previous === undefined) writer.u32('indexL', value);
    else writer.zigzag('indexL', value - previous);
    previous = value;
  }
}

function writePressures(writer: ByteWriter, report: DayReport): void {
  writer.u24('pressureMask', report.pressureMask);
  let previous: number | undefined;
  for (let hour = 1; hour <= HOURS; hour += 1) {
    if ((report.pressureMask & hourBit(hour)) === 0) continue;
    const value = valueAt(report.pressurePa, hour);
    if (previous === undefined) writer.i16('pressurePa', value);
    else writer.zigzag('pressurePa', value - previous);
    previous = value;
  }
}

/** Encodes the payload of a day report [TERM-7.1]; a RangeError on a value that does not fit. */
export function encodeDayReport(report: DayReport): Buffer {
  const writer = new ByteWriter();
  const flags = (report.history ? FLAG_HISTORY : 0) | (report.requested ? FLAG_REQUESTED : 0);
  writer.u8('flags', flags);
  writer.u16('day', report.day);
  writer.digits(report.meterSerial, SERIAL_BYTES);
  writer.u32('terminalTimeS', report.terminalTimeS);
  writeIndexes(writer, report);
  writePressures(writer, report);
  writeStatus(writer, report);
  return writer.bytes();
}
