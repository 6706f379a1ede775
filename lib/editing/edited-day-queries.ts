import { sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import type { EditedHours } from './edited-hours.ts';

/** Days of meters with standing edits, by meter. Checks no right: for jobs and the verbs that call it. */
export async function listEditedHours(
  db: ReadDb,
  utilityId: number,
  meterIds: readonly number[],
): Promise<Map<number, EditedHours[]>> {
  const { rows } = await sql<EditedHours & { meterId: number }>`
    select meter_id as "meterId", day, hours, kinds, index_l as "indexL" from edited_day
    where utility_id = ${utilityId} and meter_id = any (${[...meterIds]}::int[]) order by day
  `.execute(db);
  const byMeter = new Map<number, EditedHours[]>();
  for (const { meterId, ...day } of rows) {
    const days = byMeter.get(meterId);
    if (days) days.push(day);
    else byMeter.set(meterId, [day]);
  }
  return byMeter;
}
