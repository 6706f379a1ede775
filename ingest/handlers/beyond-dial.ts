import type { ReadingFault } from '../../lib/readings/reading-fault-commands.ts';
import type { DayReport } from '../protocol/day-report.ts';
import { hourBit } from '../protocol/hourly-values.ts';
import { dayOfWire } from '../protocol/wire-time.ts';
import type { SessionMeter } from '../session/terminal-session.ts';

/**
 * Removes the hours whose index the meter's register cannot show [TERM-7.1.5]: it shows 0 up to its capacity minus one.
 * Returns the removed hours, or undefined when there are none.
 */
export function takeBeyondDial(
  report: DayReport,
  { meterId, dialL }: Pick<SessionMeter, 'meterId' | 'dialL'>,
  terminalId: number,
): ReadingFault[] | undefined {
  const { indexL } = report;
  let faults: ReadingFault[] | undefined;
  for (let hour = 1; hour <= indexL.length; hour += 1) {
    const value = indexL[hour - 1]!;
    if (value < dialL) continue;
    faults ??= [];
    faults.push({
      meterId,
      day: dayOfWire(report.day),
      hourEnding: hour,
      indexL: value,
      terminalId,
    });
    report.indexMask &= ~hourBit(hour);
    indexL[hour - 1] = 0;
  }
  return faults;
}
