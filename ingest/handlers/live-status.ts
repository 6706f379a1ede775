import type { StatusMessage, TerminalStatus } from '../protocol/status.ts';
import { terminalTime } from '../protocol/wire-time.ts';
import type { UplinkFrame } from '../session/terminal-session.ts';
import type { LiveStatus } from '../store/batch.ts';

const INT4_MAX = 0x7fffffff;
const ORIGIN_S = terminalTime(new Date(0));

/** When a frame was sealed by the terminal's clock, and whether it may have waited for its connection. */
export interface Sealed {
  /** By the terminal's clock. */
  terminalTimeS: number;
  /** True for a frame known to be made during this connection. */
  isPrompt: boolean;
}

/**
 * The terminal's clock minus the server's in seconds, or null when unknown: a report sealed before this connection
 * opened may have been queued on the terminal, so its timestamp says nothing about the clock.
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

/** The terminal's present condition with the offset of its clock, which the connection also keeps. */
export function liveStatus(frame: UplinkFrame, status: TerminalStatus, sealed: Sealed): LiveStatus {
  const { connection, receivedAtMs } = frame;
  const clockOffsetS = clockOffset(sealed, { receivedAtMs, openedAtMs: connection.openedAtMs });
  if (clockOffsetS !== null) connection.clockOffsetS = clockOffsetS;
  return { status, clockOffsetS };
}

/**
 * The same for a status [TERM-9.6]. One that may have waited proves nothing about the clock, but suffices to set it,
 * which does not harm a correct one. A status after an acknowledged setting was made after it.
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
