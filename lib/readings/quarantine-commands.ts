import type pg from 'pg';
import { certain } from '../certain.ts';

/** A frame that was not accepted. */
export interface RefusedFrame {
  terminalNumber: string;
  topic: string;
  reason: string;
  /** Byte at which decoding stopped, if known. */
  offset: number | null;
  bytes: Uint8Array;
  receivedAt: Date;
  /** True when it was decrypted with the terminal's key. */
  isAuthentic: boolean;
  /**
   * True when its counter was not used before. If authentic, such a frame counts as contact the first time that it is
   * stored.
   */
  isFresh: boolean;
  /** The meter's serial and the JST day (YYYY-MM-DD) of an authentic day report; null when it named none. */
  meterSerial: string | null;
  day: string | null;
}

/**
 * Stores a refused frame with its bytes and reason, under the utility that registered the terminal or under none;
 * committed when it returns. Needs no utility: the database function looks it up.
 */
export async function quarantineFrame(
  db: Pick<pg.Pool, 'query'>,
  frame: RefusedFrame,
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    'select quarantine_frame($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as id',
    [
      frame.terminalNumber,
      frame.topic,
      frame.reason,
      frame.offset,
      Buffer.from(frame.bytes.buffer, frame.bytes.byteOffset, frame.bytes.byteLength),
      frame.receivedAt,
      frame.isAuthentic,
      frame.meterSerial,
      frame.day,
      frame.isFresh,
    ],
  );
  return certain(rows[0], 'the row of a refused frame').id;
}
