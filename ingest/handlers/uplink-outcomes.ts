import type { RepeatedReport } from '../../lib/readings/redelivery.ts';
import type { Quarantine } from '../frame-hops.ts';
import type { IngestMetrics } from '../metrics.ts';
import type { UplinkFrame } from '../session/terminal-session.ts';
import type { Batch } from '../store/batch.ts';

/** Why a well-formed frame is refused all the same [TERM-11]. */
export type RefusedContent =
  | 'unknown_generation'
  | 'unknown_meter'
  | 'future_day'
  | 'future_hour'
  | 'replay';

/**
 * What becomes of a frame that is neither put into the batch nor stored by a command: SingleFrames (ingest/handlers/single-frames.ts).
 * Each method must eventually acknowledge or abandon the frame.
 */
export interface UplinkOutcomes extends Quarantine {
  readonly metrics: IngestMetrics;
  readonly now: () => number;
  /** Acknowledges a frame that changes nothing. */
  acknowledgeRepeat(frame: UplinkFrame): void;
  /** Finds out whether a day report with a used counter is held already. */
  judgeRepeat(frame: UplinkFrame, report: RepeatedReport): void;
  /** Asks the register again about the terminal, then judges the frame anew. */
  reload(frame: UplinkFrame): void;
}

/** A proven frame and what judging it needs. */
export interface Proven {
  frame: UplinkFrame;
  payload: Buffer;
  /** Seen or too old, as far as this process knows: it may not change anything. */
  repeated: boolean;
  batch: Batch;
}

/** Where the field that is judged begins [TERM-11]: in the frame for the generation, in the payload for the others. */
const FIELD_OFFSET: Readonly<Partial<Record<RefusedContent, number>>> = {
  unknown_generation: 2,
  unknown_meter: 3,
  future_day: 1,
  future_hour: 1,
};

/** Leaves a frame to quarantine for what it says, with the offset of the field that says it. */
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
