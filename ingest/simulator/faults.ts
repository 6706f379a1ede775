// Faults of a terminal, switched on per terminal. Whether a fault occurs on a day is a function of the terminal's seed
// and the day. A correct terminal does none of this; a receiver must tolerate all of it.
import { randomBytes } from 'node:crypto';
import { dayNumber } from '../../lib/time.ts';
import type { UplinkMessage } from '../protocol/message.ts';
import { FAULT_KINDS, type FaultKind, type FaultSetting } from './fault-setting.ts';
import { hashOf, uniform } from './seeded-random.ts';
import type { MeterDay } from './simulated-meter.ts';
import type { SealedFrame, Terminal } from './terminal.ts';

const ASK_FAULT = 61;
const WINDOW = 64;

type DayReportMessage = UplinkMessage & { type: 'day_report' };

/** The faults of one terminal. */
export interface Faults {
  find(kind: FaultKind): FaultSetting | undefined;
  /** True when a fault occurs on a day. */
  strikes(kind: FaultKind, day: string): boolean;
}

export function faultsOf(seed: number, settings: readonly FaultSetting[]): Faults {
  const find = (kind: FaultKind) => settings.find((setting) => setting.kind === kind);
  return {
    find,
    strikes(kind, day) {
      const setting = find(kind);
      if (!setting || (setting.fromDay !== undefined && day < setting.fromDay)) return false;
      const position = FAULT_KINDS.indexOf(kind);
      return uniform(seed, ASK_FAULT, position, dayNumber(day)) < setting.rate;
    },
  };
}

/** Days by which a day's report is late: at most `amount`. */
export function lateBy(seed: number, faults: Faults, day: string): number {
  const setting = faults.find('late-days');
  if (!setting || !faults.strikes('late-days', day)) return 0;
  const most = Math.max(1, Math.round(setting.amount));
  return 1 + (hashOf(seed, ASK_FAULT, dayNumber(day)) % most);
}

/** A meter's stored day; when the fault occurs some consecutive hours are missing, sometimes the last. */
export function withMissingHours(seed: number, faults: Faults, day: MeterDay): MeterDay {
  if (!faults.strikes('missing-hours', day.day)) return day;
  const dayIndex = dayNumber(day.day);
  const length = 1 + (hashOf(seed, ASK_FAULT, dayIndex, 1) % 6);
  const first = hashOf(seed, ASK_FAULT, dayIndex, 2) % 24;
  const isGone = (hour: number) => hour >= first && hour < first + length;
  return {
    ...day,
    indexL: day.indexL.map((index, hour) => (isGone(hour) ? null : index)),
    pressurePa: day.pressurePa.map((pressure, hour) => (isGone(hour) ? null : pressure)),
  };
}

/** Seals a report as a terminal with these faults does: it may send more than the one correct frame. */
export async function sealFaulty(
  terminal: Terminal,
  faults: Faults,
  { message, day }: { message: DayReportMessage; day: string },
): Promise<SealedFrame[]> {
  // Requested days are sealed correctly, so that a day can still arrive.
  const isUnrequested = !message.report.requested;
  const right = await terminal.seal(message);
  if (isUnrequested && faults.strikes('wrong-key', day)) {
    return [terminal.sealWrongly(message, right.counter, randomBytes(32))];
  }
  const frames = [right];
  if (faults.strikes('duplicates', day)) frames.push(right);
  if (isUnrequested && faults.strikes('replay', day)) {
    frames.push(terminal.sealWrongly(altered(message), replayedCounter(right.counter)));
  }
  return frames;
}

/** A counter below the window if there is one, otherwise the last used. */
function replayedCounter(counter: number): number {
  return counter > WINDOW ? counter - WINDOW : counter;
}

function altered(message: DayReportMessage): DayReportMessage {
  const report = { ...message.report, indexL: message.report.indexL.map((index) => index + 1) };
  return { type: 'day_report', report };
}
