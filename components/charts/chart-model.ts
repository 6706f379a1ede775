/**
 * What a chart draws, prepared: texts are in the reader's language, numbers in the unit that the model names.
 * A null value is a gap and is drawn as one, with its reason; it is never a zero. Slots run in time order.
 */

/** The time of a slot, for files that a spreadsheet reads. */
export interface SlotTime {
  /** YYYY-MM-DD, JST. */
  day: string;
  /** 1…24, or null where the slot is a whole day. */
  hourEnding: number | null;
}

/** One place on the time axis. */
export interface Slot {
  /** Unique within the chart; given back when the reader chooses the slot. */
  key: string;
  at: SlotTime;
  /** Short text for the axis; empty where the axis shall have no label. */
  label: string;
  /** Full text for the tooltip and the table: 11月22日(日) 18–19時. */
  title: string;
  /** Why there is no value here. */
  gap?: string;
  /** What else the reader should know: late, corrected, meter exchanged. */
  note?: string;
}

export interface BarSlot extends Slot {
  value: number | null;
  /** The period compared with, drawn behind. */
  ghost?: number | null;
  /** Drawn hatched: the value is not a plain measured one. */
  hatched?: boolean;
}

export interface BarChartModel {
  unit: string;
  decimals: number;
  valueName: string;
  ghostName?: string;
  slots: BarSlot[];
}

export interface BandSlot extends Slot {
  low: number | null;
  average: number | null;
  high: number | null;
}

/** A limit that is drawn across the chart and named on it. */
export interface LimitLine {
  name: string;
  value: number;
}

export interface BandChartModel {
  unit: string;
  decimals: number;
  averageName: string;
  /** Names of the band's edges; absent when the chart is a plain line of averages. */
  bandNames?: { low: string; high: string };
  limits: LimitLine[];
  slots: BandSlot[];
}

/** What a part of a stack means; it decides colour and pattern. */
export type StackTone = 'done' | 'quiet' | 'history' | 'attention' | 'danger' | 'waiting';

export interface StackPart {
  key: string;
  name: string;
  tone: StackTone;
}

export interface StackSlot extends Slot {
  values: Record<string, number>;
}

export interface StackChartModel {
  unit: string;
  decimals: number;
  parts: StackPart[];
  slots: StackSlot[];
}

/** Neighbouring slots without a value and with one reason, from the first to the last key. */
export interface GapRun {
  fromKey: string;
  toKey: string;
  reason: string;
}

/** The runs of slots that carry a `gap`; a change of reason begins a new run. */
export function gapRuns(slots: readonly Slot[]): GapRun[] {
  const runs: GapRun[] = [];
  let open: GapRun | undefined;
  for (const slot of slots) {
    if (slot.gap === undefined) {
      open = undefined;
    } else if (open && open.reason === slot.gap) {
      open.toKey = slot.key;
    } else {
      open = { fromKey: slot.key, toKey: slot.key, reason: slot.gap };
      runs.push(open);
    }
  }
  return runs;
}
