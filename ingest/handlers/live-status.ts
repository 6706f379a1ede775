import type { StatusMessage, TerminalStatus } from '../protocol/status.ts';
import { terminalTime } from '../protocol/wire-time.ts';
import type { UplinkFrame } from '../session/terminal-session.ts';
import type { LiveStatus } from '../store/batch.ts';

const INT4_MAX = 0x7fffffff;
const ORIGIN_S = terminalTime(new Date(0));

/** When a frame was sealed, by its own account, and whether it can have waited for its connection. */
export interface Sealed {
  /** By the terminal's clock. */
  terminalTimeS: number;
  /** True for a frame that is known to be made over this connection. */
  isPrompt: boolean;
}

/**
 * The terminal's clock minus ours in seconds, or null where the frame does not show it: one that was sealed before the connection by
 * its own account may have waited for it, or come from a clock that is behind.
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

/**
 * The same of a status [TERM-9.6]. One that may have waited proves nothing of the clock, but is reason enough to set it: that
 * does no harm to a clock that is right. What comes after a setting was acknowledged is made after it.
 */
export function liveStatusOfStatus(
  frame: UplinkFrame,
  { status, terminalTimeS }: StatusMessage,
): LiveStatus {
  const { connection, receivedAtMs } = frame;
  const isPrompt = connection.settingAcknowledged;
  const live = liveStatus(frame, status, { terminalTimeS, isPrompt });
  if (live.clockOffsetS === null) {
    const times = { receivedAtMs, openedAtMs: connection.openedAtMs };
    connection.clockOffsetS =
      clockOffset({ terminalTimeS, isPrompt: true }, times) ?? connection.clockOffsetS;
  }
  return live;
}
