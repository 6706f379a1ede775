import type { UplinkFrame } from '../mqtt/terminal.ts';
import { terminalTime } from '../protocol/clock.ts';
import type { TerminalStatus } from '../protocol/status.ts';
import type { LiveStatus } from '../store/batch.ts';

const INT4_MAX = 0x7fffffff;
const ORIGIN_S = terminalTime(new Date(0));

/** What a frame tells about the moment at which the terminal sealed it. */
export interface Sealed {
  /** By the terminal's clock. */
  terminalTimeS: number;
  /** True for a frame that is never kept waiting, or is known to be made over this connection. */
  isPrompt: boolean;
}

/**
 * The terminal's clock minus ours in seconds, or null where the frame does not tell: one that was sealed long ago by its own
 * account may have waited for this connection, or come from a clock that is behind.
 */
export function clockOffset(
  sealed: Sealed,
  { receivedAtMs, openedAtMs }: { receivedAtMs: number; openedAtMs: number },
): number | null {
  const sealedAtS = sealed.terminalTimeS - ORIGIN_S;
  const mayHaveWaited = !sealed.isPrompt && sealedAtS < Math.floor(openedAtMs / 1000);
  // A clock can be wrong by more than the column holds.
  return mayHaveWaited ? null : Math.min(sealedAtS - Math.floor(receivedAtMs / 1000), INT4_MAX);
}

/** The terminal's condition as it is now, with the offset of its clock; the connection remembers the latter. */
export function liveStatus(frame: UplinkFrame, status: TerminalStatus, sealed: Sealed): LiveStatus {
  const { connection, receivedAtMs } = frame;
  const clockOffsetS = clockOffset(sealed, { receivedAtMs, openedAtMs: connection.openedAtMs });
  if (clockOffsetS !== null) connection.clockOffsetS = clockOffsetS;
  return { status, clockOffsetS };
}
