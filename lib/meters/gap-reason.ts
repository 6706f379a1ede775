/**
 * Why there is no reading.
 * - `notYetDue`: the day's report is not here, and its window is not over.
 * - `notArrived`: no report of the day is here, although it is due.
 * - `missingInReport`: the day's report came without this hour.
 * - `indexBeyondDial`: it came with a register that the meter's dial cannot show.
 * - `withoutMeter`: no meter was fitted.
 */
export const GAP_REASONS = [
  'notYetDue',
  'notArrived',
  'missingInReport',
  'indexBeyondDial',
  'withoutMeter',
] as const;
export type GapReason = (typeof GAP_REASONS)[number];
