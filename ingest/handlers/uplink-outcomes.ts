import type { RepeatedReport } from '../../lib/readings/redelivery.ts';
import type { Quarantine } from '../frame-hops.ts';
import type { IngestMetrics } from '../metrics.ts';
import type { UplinkFrame } from '../session/terminal-session.ts';
import type { Batch } from '../store/batch.ts';

/** Why a well-formed frame is refused [TERM-11]. */
export type RefusedContent =
  | 'unknown_generation'
  | 'unknown_meter'
  | 'future_day'
  | 'future_hour'
  | 'replay';

/**
 * What becomes of a frame that is neither put into the batch nor stored by a command: SingleFrames
 * (ingest/handlers/single-frames.ts). Each method must eventually acknowledge or abandon the frame.
 */
export interface UplinkOutcomes extends Quarantine {
  readonly metrics: IngestMetrics;
  readonly now: () => number;
  /** Acknowledges a frame that changes nothing. */
  acknowledgeRepeat(frame: UplinkFrame): void;
  /** Checks whether a day report with a used counter is stored already. */
  judgeRepeat(frame: UplinkFrame, report: RepeatedReport): void;
  /** Reads the terminal from the register again, then processes the frame anew. */
  reload(frame: UplinkFrame): void;
}

/** A proven frame with what is needed to judge it. */
export interface Proven {
  frame: UplinkFrame;
  payload: Buffer;
  /** True when its counter is used or too old as far as this process knows: it may not change anything. */
  repeated: boolean;
  batch: Batch;
}

/** Offset of the field concerned [TERM-11]: in the frame for the generation, in the payload for the others. */
const FIELD_OFFSET: Readonly<Partial<Record<RefusedContent, number>>> = {
  unknown_generation: 2,
  unknown_meter: 3,
  future_day: 1,
  future_hour: 1,
};

/** Refuses a frame for its content, with the offset of the field concerned. */
export function refuse(
  frame: UplinkFrame,
  reason: RefusedContent,
  outcomes: UplinkOutcomes,
): 'handled' {
  outcomes.quarantine(frame, reason, FIELD_OFFSET[reason] ?? null);
  return 'handled';
}

/** Bounds frames with a used counter; beyond that the frame's connection ends. */
export function mayRepeat(frame: UplinkFrame, nowMs: number): boolean {
  if (frame.session.buckets.repeats.take(nowMs)) return true;
  frame.abandon('too_many_repeats');
  return false;
}
