import type { ReadDb } from '../../db/schema.ts';

/** One version of a meter's day: the present one or one that a later report replaced. */
export interface DayVersion {
  terminalId: number;
  counter: number;
  /** First four bytes of the frame's tag, as a signed 32-bit integer. */
  frameCheck: number;
  indexL: (number | null)[];
  pressurePa: (number | null)[];
}

/** Every version of a meter's JST day (YYYY-MM-DD), the present one first, then the replaced ones, oldest first. */
export async function listDayVersions(
  db: ReadDb,
  meterId: number,
  day: string,
): Promise<DayVersion[]> {
  const columns = [
    'terminal_id as terminalId',
    'counter',
    'frame_check as frameCheck',
    'index_l as indexL',
    'pressure_pa as pressurePa',
  ] as const;
  const present = await db
    .selectFrom('meter_day')
    .select(columns)
    .where('meter_id', '=', meterId)
    .where('day', '=', day)
    .execute();
  const replaced = await db
    .selectFrom('meter_day_revision')
    .select(columns)
    .where('meter_id', '=', meterId)
    .where('day', '=', day)
    .orderBy('revision')
    .execute();
  return [...present, ...replaced];
}
