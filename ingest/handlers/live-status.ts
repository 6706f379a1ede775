import type { UplinkFrame } from '../mqtt/terminal.ts';
import { terminalTime } from '../protocol/clock.ts';
import type { TerminalStatus } from '../protocol/status.ts';
import type { LiveStatus } from '../store/batch.ts';

const INT4_MAX = 0x7fffffff;
const ORIGIN_S = terminalTime(new Date(0));

/** The terminal's condition as it is now, with its clock minus ours in seconds; the connection remembers the latter. */
export function liveStatus(
  frame: UplinkFrame,
  status: TerminalStatus,
  sealed: { terminalTimeS: number },
): LiveStatus {
  const nowS = Math.floor(frame.receivedAtMs / 1000) + ORIGIN_S;
  // A clock can be wrong by more than the column holds.
  const clockOffsetS = Math.min(sealed.terminalTimeS - nowS, INT4_MAX);
  frame.connection.clockOffsetS = clockOffsetS;
  return { status, clockOffsetS };
}
