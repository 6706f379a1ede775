/**
 * Reason for a missing reading.
 * - `notYetDue`: the day's report has not arrived and is not due.
 * - `notArrived`: the day's report has not arrived although it is due.
 * - `missingInReport`: the day's report arrived without this hour.
 * - `indexBeyondDial`: it arrived with a register that the meter's dial cannot show.
 * - `indexDoubtful`: it arrived with a register that validation doubts.
 * - `indexStruck`: it arrived with a register that a person struck out.
 * - `withoutMeter`: no meter was fitted.
 */
export const GAP_REASONS = [
  'notYetDue',
  'notArrived',
  'missingInReport',
  'indexBeyondDial',
  'indexDoubtful',
  'indexStruck',
  'withoutMeter',
] as const;
export type GapReason = (typeof GAP_REASONS)[number];
