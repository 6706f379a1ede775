import type pg from 'pg';
import type { Household } from '../../db/testing/fixtures.ts';
import { addDays } from '../time.ts';

const FIRST_DAY = '2026-09-01';
const DAYS = 75;

type Register = (day: string, hourEnding: number, soundL: number) => number;

/** Registers with other values at some hours: `{ '2026-10-10 13': 16_777_215 }`. */
export function spoil(values: Record<string, number>): Register {
  return (day, hourEnding, soundL) => values[`${day} ${hourEnding}`] ?? soundL;
}

/** Stores 20 L an hour from 1,000,000 L at the beginning of September 2026 to 14 November, as `register` spoils it. */
export async function storeHours(
  admin: pg.Pool,
  utilityId: number,
  home: Pick<Household, 'meterId' | 'terminalId'>,
  register: Register,
): Promise<void> {
  const rows = Array.from({ length: DAYS }, (_, offset) => {
    const day = addDays(FIRST_DAY, offset);
    const hours = Array.from({ length: 24 }, (_, at) =>
      register(day, at + 1, 1_000_000 + 480 * offset + 20 * (at + 1)),
    );
    return { day, index: hours };
  });
  await admin.query(
    `insert into series.meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour, terminal_id,
                                   counter, frame_check, received_at, arrival)
     select $1, $2, r.day, r.index, array_fill(2000, array[24]), r.index[24], 24, $3, row_number() over (order by r.day), 0, r.day + 1, 1
     from jsonb_to_recordset($4) r (day date, index integer[])`,
    [utilityId, home.meterId, home.terminalId, JSON.stringify(rows)],
  );
}
