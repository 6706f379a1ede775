import type pg from 'pg';

/** A frame that was not accepted. */
export interface RefusedFrame {
  terminalNumber: string;
  topic: string;
  reason: string;
  /** Byte at which decoding stopped, where that is known. */
  offset: number | null;
  bytes: Uint8Array;
}

/**
 * Keeps a refused frame with its bytes and reason, under the utility that registered the terminal or under none;
 * committed when it returns. Needs no tenant: the database function looks it up.
 */
export async function quarantineFrame(
  db: Pick<pg.Pool, 'query'>,
  frame: RefusedFrame,
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    'select quarantine_frame($1, $2, $3, $4, $5) as id',
    [
      frame.terminalNumber,
      frame.topic,
      frame.reason,
      frame.offset,
      Buffer.from(frame.bytes.buffer, frame.bytes.byteOffset, frame.bytes.byteLength),
    ],
  );
  return rows[0]!.id;
}
