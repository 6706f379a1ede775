import type pg from 'pg';

/** A register value that the dial of its meter cannot show. */
export interface ReadingFault {
  meterId: number;
  /** YYYY-MM-DD, JST. */
  day: string;
  /** 1…24 */
  hourEnding: number;
  /** Litres, as received. */
  indexL: number;
  terminalId: number;
}

/**
 * Stores values beyond the dial beside their days, in the caller's transaction; a value stored before changes nothing.
 */
export async function noteReadingFaults(
  query: (query: pg.QueryConfig) => Promise<unknown>,
  utilityId: number,
  faults: readonly ReadingFault[],
  receivedAt: Date,
): Promise<void> {
  await query({
    text: 'select note_reading_faults($1, $2, $3, $4, $5, $6, $7)',
    values: [
      utilityId,
      faults.map(({ meterId }) => meterId),
      faults.map(({ day }) => day),
      faults.map(({ hourEnding }) => hourEnding),
      faults.map(({ indexL }) => indexL),
      faults.map(({ terminalId }) => terminalId),
      receivedAt,
    ],
  });
}
