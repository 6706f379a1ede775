/**
 * Prepared model of a chart: texts are in the reader's language, numbers in the model's unit. A null value is a gap,
 * drawn as one with its reason; it is never a zero. Slots are in order of time.
 */

/** Time of a slot, for files that a spreadsheet reads. */
export interface SlotTime {
  /** YYYY-MM-DD, JST. */
  day: string;
  /** 1…24, or null where the slot is a whole day. */
  hourEnding: number | null;
}

/** One position on the time axis. */
export interface Slot {
  /** Unique within the chart; passed on when the reader chooses the slot. */
  key: string;
  at: SlotTime;
  /** Short text on the axis; empty for no label. */
  label: string;
  /** Full text for the tooltip and the table: 11月22日(日) 18時〜19時. */
  title: string;
  /** Reason why there is no value here. */
  gap?: string;
  /** True when the value may still come, so that the gap is not drawn as a loss. */
  awaited?: boolean;
  /** Remark on the value: late, corrected, meter exchanged. */
  note?: string;
}

export interface BarSlot extends Slot {
  value: number | null;
  /** Value of the period compared with, drawn behind. */
  ghost?: number | null;
  /** Drawn hatched: the value is not a plain measured one. */
  hatched?: boolean;
  /** Drawn with a hatched corner: the value is known, but not its course in every part of the slot. */
  lacking?: boolean;
}

/** An event within a slot, drawn as a labelled vertical line. */
export interface ChartEvent {
  key: string;
  name: string;
}

export interface BarChartModel {
  unit: string;
  decimals: number;
  valueName: string;
  ghostName?: string;
  events?: readonly ChartEvent[];
  slots: BarSlot[];
}

export interface BandSlot extends Slot {
  low: number | null;
  average: number | null;
  high: number | null;
}

/** A limit, drawn as a labelled line across the chart. */
export interface LimitLine {
  name: string;
  value: number;
}

export interface BandChartModel {
  unit: string;
  decimals: number;
  averageName: string;
  /** Names of the band's edges; undefined for a plain line of averages. */
  bandNames?: { low: string; high: string };
  limits: LimitLine[];
  events?: readonly ChartEvent[];
  slots: BandSlot[];
}

/** Meaning of a part of a stack, which decides its colour and pattern. */
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

/** Adjacent slots without a value for the same reason, from the first to the last key. */
export interface GapRun {
  fromKey: string;
  toKey: string;
  reason: string;
  awaited: boolean;
}

/** Runs of slots with a `gap`; a change of reason begins a new run. */
export function gapRuns(slots: readonly Slot[]): GapRun[] {
  const runs: GapRun[] = [];
  let open: GapRun | undefined;
  for (const slot of slots) {
    const { key, gap, awaited = false } = slot;
    if (gap === undefined) {
      open = undefined;
    } else if (open && open.reason === gap && open.awaited === awaited) {
      open.toKey = key;
    } else {
      open = { fromKey: key, toKey: key, reason: gap, awaited };
      runs.push(open);
    }
  }
  return runs;
}
