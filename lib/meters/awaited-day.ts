import { instantOf } from '../time.ts';

/** A terminal's fitting at a supply point, and when its daily report is due. */
export interface FittedTerminal {
  fromAt: Date;
  toAt: Date | null;
  /** Minutes from the end of a day to the end of its report window. */
  dueMinute: number;
}

/** True while the report of the JST day is not yet due from the terminal fitted at its end, as in `getCollection`. */
export function isAwaited(day: string, terminals: readonly FittedTerminal[], now: Date): boolean {
  const end = instantOf(day, 24);
  const terminal = terminals.find(
    ({ fromAt, toAt }) => fromAt < end && (toAt === null || toAt >= end),
  );
  return terminal !== undefined && now.getTime() < end.getTime() + terminal.dueMinute * 60_000;
}
