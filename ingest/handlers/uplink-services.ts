import type { IngestMetrics } from '../metrics.ts';
import type { UplinkFrame } from '../mqtt/terminal.ts';
import type { Batch } from '../store/batch.ts';
import type { RepeatedReport } from './redelivery.ts';

/** Why a well-formed frame is refused all the same [TERM-11]. */
export type RefusedContent =
  | 'unknown_generation'
  | 'unknown_meter'
  | 'future_day'
  | 'future_hour'
  | 'replay';

/** What handlers ask of the sidecar for frames that do not simply join a batch. Each takes charge of the frame. */
export interface UplinkServices {
  metrics: IngestMetrics;
  now: () => number;
  /** Keeps the frame with its bytes and acknowledges it after that. */
  quarantine: (frame: UplinkFrame, reason: string, offset: number | null) => void;
  /** Acknowledges a frame that changes nothing. */
  acknowledgeRepeat: (frame: UplinkFrame) => void;
  /** Finds out whether a day report with a used counter is held already. */
  settleRepeat: (frame: UplinkFrame, report: RepeatedReport) => void;
  /** Closes the test that a test call answers, then judges the frame anew. */
  settleTest: (frame: UplinkFrame, nonce: number) => void;
  /** Asks the register again about the terminal, then judges the frame anew. */
  reload: (frame: UplinkFrame) => void;
}

/** A proven frame and what judging it needs. */
export interface Proven {
  frame: UplinkFrame;
  payload: Buffer;
  /** Seen or too old: it may not change anything. */
  repeated: boolean;
  batch: Batch;
}

/** Leaves a frame to quarantine for what it says, no byte of it being wrong. */
export function refuse(
  frame: UplinkFrame,
  reason: RefusedContent,
  services: UplinkServices,
): 'settled' {
  services.quarantine(frame, reason, null);
  return 'settled';
}
