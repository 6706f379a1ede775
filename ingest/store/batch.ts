import type { Arrival } from '../../lib/readings/arrival.ts';
import type { ReadingFault } from '../../lib/readings/reading-fault-commands.ts';
import type { StoreTypes, UtilityBatch } from '../../lib/readings/store-commands.ts';
import type { DayReport } from '../protocol/day-report.ts';
import { lastHour } from '../protocol/hourly-values.ts';
import { EMPTY_WINDOW, type ReplayWindow, takeCounter } from '../protocol/replay-window.ts';
import type { TerminalStatus } from '../protocol/status.ts';
import type { SessionMeter, TerminalSession, UplinkFrame } from '../session/terminal-session.ts';
import { BinaryArray, emptyArray, OID } from './binary-array.ts';

const REPORT_COLUMNS = 10;
const REPORT_MAX_BYTES = 512;
const UPDATE_COLUMNS = 8;
const UPDATE_MAX_BYTES = 128;
/** More days than a u16 can hold, so that meter and day make one number. */
const DAYS = 65_536;

/** Changes of one terminal's state by its frames of a batch. */
interface TerminalUpdate {
  session: TerminalSession;
  window: ReplayWindow;
  /** From its newest live report or status. */
  status: TerminalStatus | undefined;
  clockOffsetS: number | null;
}

/** A valid day report, with what its row needs besides. */
export interface AcceptedReport {
  report: DayReport;
  meter: SessionMeter;
  arrival: Arrival;
  /** Hours removed from the report because their values are beyond the dial. */
  faults?: readonly ReadingFault[] | undefined;
}

/** A live status of a terminal, with its clock minus the server's; null when unknown. */
export interface LiveStatus {
  status: TerminalStatus;
  clockOffsetS: number | null;
}

class UtilityPart {
  readonly utilityId: number;
  frames = 0;
  readonly reports: BinaryArray;
  readonly updates: BinaryArray;
  readonly byTerminal = new Map<TerminalSession, TerminalUpdate>();
  /** By the frame that reported them. */
  readonly faults = new Map<UplinkFrame, readonly ReadingFault[]>();

  constructor(utilityId: number, types: StoreTypes) {
    this.utilityId = utilityId;
    this.reports = new BinaryArray(types.dayReportRow, REPORT_COLUMNS, REPORT_MAX_BYTES);
    this.updates = new BinaryArray(types.terminalUpdate, UPDATE_COLUMNS, UPDATE_MAX_BYTES);
  }
}

/**
 * Frames that are committed together, as parameters of the storing statement. A meter's day occurs at most once.
 * Reusable: `clear` keeps the buffers.
 */
export class Batch {
  readonly #types: StoreTypes;
  readonly #parts = new Map<number, UtilityPart>();
  readonly #meterDays = new Set<number>();
  readonly frames: UplinkFrame[] = [];

  constructor(types: StoreTypes) {
    this.#types = types;
  }

  get size(): number {
    return this.frames.length;
  }

  get reportCount(): number {
    return this.#meterDays.size;
  }

  /** Number of frames of one utility. */
  sizeOf(utilityId: number): number {
    return this.#parts.get(utilityId)?.frames ?? 0;
  }

  holds(meterId: number, day: number): boolean {
    return this.#meterDays.has(meterId * DAYS + day);
  }

  addReport(frame: UplinkFrame, accepted: AcceptedReport): void {
    const { report, meter, arrival, faults } = accepted;
    const part = this.#part(frame.session.utilityId);
    if (faults !== undefined) part.faults.set(frame, faults);
    const rows = part.reports;
    const hour = lastHour(report.indexMask);
    this.#meterDays.add(meter.meterId * DAYS + report.day);
    frame.rowStart = rows.begin();
    rows.int4(meter.meterId);
    rows.int4(report.day, OID.date);
    rows.int4(frame.session.terminalId);
    rows.hours(report.indexL, report.indexMask);
    rows.hours(report.pressurePa, report.pressureMask);
    rows.int4(hour === 0 ? null : (report.indexL[hour - 1] ?? null));
    rows.int2(hour === 0 ? null : hour);
    rows.int8(0, frame.counter);
    rows.int4(frame.check);
    rows.int2(arrival);
    rows.end();
  }

  /** Adds the frame's counter, and the terminal's condition when the frame has its present one. */
  addUpdate(frame: UplinkFrame, live: LiveStatus | undefined): void {
    this.frames.push(frame);
    const { session } = frame;
    const part = this.#part(session.utilityId);
    part.frames += 1;
    const { byTerminal } = part;
    let update = byTerminal.get(session);
    if (update === undefined) {
      update = { session, window: EMPTY_WINDOW, status: undefined, clockOffsetS: null };
      byTerminal.set(session, update);
    }
    const newest = frame.counter > update.window.high;
    update.window = takeCounter(update.window, frame.counter);
    if (live === undefined || !(newest || update.status === undefined)) return;
    // The decoder's structure is reused for the next frame, so values are copied.
    const { batteryMv, signalDbm, link, firmware } = live.status;
    update.status = { batteryMv, signalDbm, link, firmware };
    update.clockOffsetS = live.clockOffsetS ?? update.clockOffsetS;
  }

  /** Parameters of the whole batch, one part for each utility with frames in it. */
  parts(): UtilityBatch[] {
    return this.#filledParts().map((part) => {
      part.updates.clear();
      for (const update of part.byTerminal.values()) writeUpdate(part.updates, update);
      return {
        utilityId: part.utilityId,
        reports: part.reports.bytes(),
        updates: part.updates.bytes(),
        ...(part.faults.size === 0 ? {} : { faults: [...part.faults.values()].flat() }),
      };
    });
  }

  /** Day reports by utility, in the order of `parts`. */
  reportCounts(): { utilityId: number; reports: number }[] {
    return this.#filledParts().map(({ utilityId, reports }) => ({
      utilityId,
      reports: reports.count,
    }));
  }

  /** Parameters for storing one of its frames alone. */
  partOf(frame: UplinkFrame): UtilityBatch {
    const { session, rowStart } = frame;
    const part = this.#part(session.utilityId);
    const updates = new BinaryArray(this.#types.terminalUpdate, UPDATE_COLUMNS, UPDATE_MAX_BYTES);
    const window = takeCounter(EMPTY_WINDOW, frame.counter);
    writeUpdate(updates, { session, window, status: undefined, clockOffsetS: null });
    const faults = part.faults.get(frame);
    return {
      utilityId: session.utilityId,
      reports:
        rowStart < 0 ? emptyArray(this.#types.dayReportRow) : part.reports.elementAt(rowStart),
      updates: updates.bytes(),
      ...(faults === undefined ? {} : { faults }),
    };
  }

  clear(): void {
    // Releases the buffers of utilities without frames.
    for (const part of this.#parts.values()) {
      if (part.byTerminal.size === 0) this.#parts.delete(part.utilityId);
      part.frames = 0;
      part.reports.clear();
      part.byTerminal.clear();
      part.faults.clear();
    }
    this.#meterDays.clear();
    this.frames.length = 0;
  }

  /** The others are kept for their buffers. */
  #filledParts(): UtilityPart[] {
    return [...this.#parts.values()].filter((part) => part.frames > 0);
  }

  #part(utilityId: number): UtilityPart {
    let part = this.#parts.get(utilityId);
    if (part === undefined) {
      part = new UtilityPart(utilityId, this.#types);
      this.#parts.set(utilityId, part);
    }
    return part;
  }
}

function writeUpdate(updates: BinaryArray, update: TerminalUpdate): void {
  const { session, window, status, clockOffsetS } = update;
  updates.begin();
  updates.int4(session.terminalId);
  updates.int8(0, window.high);
  updates.int8(window.upper, window.lower);
  updates.int4(status?.batteryMv ?? null);
  updates.int2(status?.signalDbm ?? null);
  updates.int2(status === undefined ? null : status.link === 'wan' ? 0 : 1);
  updates.int4(status?.firmware ?? null);
  updates.int4(clockOffsetS);
  updates.end();
}
