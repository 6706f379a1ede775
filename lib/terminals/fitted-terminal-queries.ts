import { type RawBuilder, sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import type { FittedTerminal } from '../readings/report-window.ts';

/** Terminals that are or were fitted at a supply point, with their fittings and report windows. */
export async function listFittedTerminals(
  db: ReadDb,
  supplyPointId: number | RawBuilder<number>,
): Promise<FittedTerminal[]> {
  const { rows } = await sql<FittedTerminal>`
    select tf.from_at as "fromAt", tf.to_at as "toAt", t.report_minute as "reportMinute",
           t.report_window_minutes as "reportWindowMinutes"
    from terminal_fitting tf
    join terminal t on t.utility_id = tf.utility_id and t.terminal_id = tf.terminal_id
    where tf.supply_point_id = (${supplyPointId})
  `.execute(db);
  return rows;
}
