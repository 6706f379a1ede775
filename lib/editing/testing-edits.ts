/** Fixtures of tests of edits: a household with hourly registers, and two people who may edit. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { readAs } from '../../db/client.ts';
import { createUtility, fitHousehold, type Household } from '../../db/testing/fixtures.ts';
import { openStaffSession, workInSession } from '../../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { StaffActor, StaffRole } from '../actor.ts';
import { closingCalendar } from '../closing/closing-day.ts';
import { streamClosingRows } from '../closing/closing-queries.ts';
import type { ClosingRow } from '../closing/closing-row.ts';
import { addDays } from '../time.ts';
import { validateAll } from '../validation/testing-validate.ts';
import { editReading } from './edit-commands.ts';
import type { ReadingEditInput } from './reading-edit.ts';

export const NOW = new Date('2026-12-31T12:00:00+09:00');
const FIRST_DAY = '2026-09-01';
const DAYS = 91;

export let database: TestDatabase;
export let utilityId: number;
/** A household with the closing day 20. */
export let home: Household;
/** Two people with the right. */
export let one: Person;
export let other: Person;

export interface Person {
  actor: StaffActor;
  token: string;
  work: ReturnType<typeof workInSession>;
}

/** Provides a database for the file, and a new utility for each test. */
export function arrangeEdits(): void {
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    utilityId = await createUtility(database.adminPool);
    home = await fitHousehold(database.adminPool, utilityId, { closingDay: 20 });
    await database.adminPool.query(
      'update meter set dial_l = 100000000, size = 6 where meter_id = $1',
      [home.meterId],
    );
    one = await personWith('billing');
    other = await personWith('admin');
  });
}

export async function personWith(role: StaffRole): Promise<Person> {
  const { accountId, sessionId, token } = await openStaffSession(
    database.adminPool,
    utilityId,
    role,
  );
  return {
    actor: { kind: 'staff', utilityId, accountId, role, sessionId },
    token,
    work: workInSession(database, token),
  };
}

/** True register at an hour of a day: 20 L an hour from 1,000,000 L at the beginning of September. */
export function trueIndexL(day: string, hourEnding: number): number {
  const days = Math.round((Date.parse(day) - Date.parse(FIRST_DAY)) / 86_400_000);
  return 1_000_000 + 480 * days + 20 * hourEnding;
}

/** Stores the days from September to November, with other registers at some hours (`2026-10-31 24`; null: none). */
export async function storeDays(
  spoiled: Record<string, number | null> = {},
  missing: readonly string[] = [],
): Promise<void> {
  const days = Array.from({ length: DAYS }, (_, offset) => addDays(FIRST_DAY, offset));
  const rows = days
    .filter((day) => !missing.includes(day))
    .map((day) => ({
      day,
      index: Array.from({ length: 24 }, (_, at) => {
        const given = spoiled[`${day} ${at + 1}`];
        return given === undefined ? trueIndexL(day, at + 1) : given;
      }),
    }));
  await database.adminPool.query(
    `insert into series.meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour, terminal_id,
                                   counter, frame_check, received_at, arrival)
     select $1, $2, r.day, r.index, array_fill(2000, array[24]), r.index[last_known_hour(r.index)], last_known_hour(r.index), $3,
            row_number() over (order by r.day), 0, r.day + 1, 1
     from jsonb_to_recordset($4) r (day date, index integer[])`,
    [utilityId, home.meterId, home.terminalId, JSON.stringify(rows)],
  );
  await validateAll(database, utilityId);
}

export type Given = Pick<ReadingEditInput, 'day' | 'kind' | 'hourEnding'> &
  Partial<ReadingEditInput>;

/** Makes an edit as a person. */
export function edit(given: Given, by = one) {
  const input = {
    ...{ meterId: home.meterId, reason: 'read-on-site' as const, note: '' },
    ...{ acknowledgedClosings: [], now: NOW },
    ...given,
  };
  return by.work.transact((tx) => editReading(tx, by.actor, input));
}

/** Closings of the household's closing day. */
export function closings(from: string, to = from): Promise<ClosingRow[]> {
  const calendar = closingCalendar({ closingDay: 20, fromMonth: from, toMonth: to }, NOW);
  const selection = { closingDay: 20, closings: calendar.closings, now: NOW };
  const actor = { kind: 'system', utilityId, name: 'test' } as const;
  return readAs(database.db, utilityId, async (read) => {
    const rows: ClosingRow[] = [];
    for await (const row of streamClosingRows(read, actor, selection)) rows.push(row);
    return rows;
  });
}
