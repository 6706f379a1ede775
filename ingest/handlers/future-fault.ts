// Reports that cannot be true yet by the server's clock [TERM-11]. Instants are milliseconds since 1970, days are days
// since 2000-01-01, as on the wire.
import { dayEndMs } from '../../lib/time.ts';
import { lastHour } from '../protocol/hourly-values.ts';
import { dayNumberOfWire } from '../protocol/wire-time.ts';

const HOUR_MS = 3_600_000;
/** Tolerance for a terminal whose clock is slightly fast and reports an hour that is not quite over. */
const AHEAD_MS = 5 * 60_000;

/** Why a report cannot be true yet: its day has not begun, or an hour of it has not ended. */
export function futureFault(
  report: { day: number; indexMask: number; pressureMask: number },
  receivedAtMs: number,
): 'future_day' | 'future_hour' | undefined {
  const beganAtMs = dayEndMs(dayNumberOfWire(report.day) - 1);
  if (beganAtMs > receivedAtMs) return 'future_day';
  const hour = lastHour(report.indexMask | report.pressureMask);
  return beganAtMs + hour * HOUR_MS > receivedAtMs + AHEAD_MS ? 'future_hour' : undefined;
}
