/** An issued run, a layout, and readings to decide on, for tests of routes. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { transactAs } from '../../../db/client.ts';
import { fitHousehold, rising, storeDay } from '../../../db/testing/fixtures.ts';
import type { TestDatabase } from '../../../db/testing/testing.ts';
import type { Closing } from '../../../lib/closing/closing-day.ts';
import { askIssue } from '../../../lib/closing/issue-commands.ts';
import { issueClosings } from '../../../lib/closing/run-commands.ts';
import { saveLayout } from '../../../lib/layouts/layout-commands.ts';
import { LAYOUT_PRESETS } from '../../../lib/layouts/layout-presets.ts';

/** Issues a closing, by default of the closing day 20, and returns its run. */
export async function issueRunOf(
  database: TestDatabase,
  utilityId: number,
  closing: Closing,
  closingDay = 20,
): Promise<number> {
  const now = new Date('2025-11-21T09:00:00+09:00');
  const [run] = await transactAs(database.db, utilityId, (tx) =>
    issueClosings(
      tx,
      { kind: 'system', utilityId, name: 'test' },
      {
        selection: { closingDay, closings: [closing], now },
        kind: { format: 'machine' },
        ...{ exportId: randomUUID(), now },
      },
    ),
  );
  if (!run) throw new Error('the closing has no rows');
  return run.runId;
}

/** Asks for an issue of a closing, by default of the day 10, which waits, and returns its id. */
export async function askIssueOf(
  database: TestDatabase,
  utilityId: number,
  closingDay = 10,
): Promise<number> {
  const now = new Date('2025-11-21T09:00:00+09:00');
  const actor = { kind: 'system', utilityId, name: 'test' } as const;
  const month = { from: '2025-11', to: '2025-11' };
  const asked = { closingDay, ...month, format: 'machine', now } as const;
  const { issue } = await transactAs(database.db, utilityId, (tx) => askIssue(tx, actor, asked));
  return issue.issueId;
}

/** Stores a layout of closing files, and returns its id. */
export async function saveLayoutOf(database: TestDatabase, utilityId: number): Promise<number> {
  const now = new Date('2025-11-21T09:00:00+09:00');
  const actor = { kind: 'system', utilityId, name: 'test' } as const;
  const { layoutId } = await transactAs(database.db, utilityId, (tx) =>
    saveLayout(tx, actor, { name: '会計', body: LAYOUT_PRESETS['import-cp932'], now }),
  );
  return layoutId;
}

/**
 * A row of closing day 15 whose usage staff may decide: a closing before it was issued, and November was not read.
 */
export async function decidableRow(database: TestDatabase, utilityId: number) {
  const { adminPool } = database;
  const home = await fitHousehold(adminPool, utilityId, { closingDay: 15 });
  for (const day of ['2026-09-15', '2026-10-15']) {
    await storeDay(adminPool, utilityId, { ...home, day, indexL: rising(1_000, 0) });
  }
  await issueRunOf(database, utilityId, { closesOn: '2026-10-15', previousOn: '2026-09-15' }, 15);
  const { rows } = await adminPool.query<{ number: string }>(
    'select number from supply_point where utility_id = $1 and supply_point_id = $2',
    [utilityId, home.supplyPointId],
  );
  const supplyPoint = rows[0]?.number ?? '';
  return { closingDay: 15, month: '2026-11', customer: home.customerNumber, supplyPoint };
}

interface StoredDay {
  meterId: number;
  day: string;
  indexL: readonly (number | null)[];
}

/** An item of the work-list: the register of the fifth hour of a stored day is in doubt. */
export async function doubtRegister(
  admin: pg.Pool,
  utilityId: number,
  { meterId, day, indexL }: StoredDay,
): Promise<void> {
  await admin.query(
    `insert into reading_verdict (utility_id, meter_id, day, hours, index_l, rules, step_hours, step_rules, judged_at)
     values ($1, $2, $3::date, '{5}', array[$4::integer], '{jumped}', '{}', '{}', $3::date)`,
    [utilityId, meterId, day, indexL[4]],
  );
}

/** A mark for attention on a day of a meter: its register is said to stand still. */
export async function markDay(
  admin: pg.Pool,
  utilityId: number,
  { meterId, day }: Pick<StoredDay, 'meterId' | 'day'>,
): Promise<void> {
  await admin.query(
    `insert into reading_mark (utility_id, meter_id, rule, from_on, to_on, litres, facts, marked_at)
     values ($1, $2, 'stuck-register', $3, $3, 0, '{}', $3::date)`,
    [utilityId, meterId, day],
  );
}

/** An edit of the last hour of a stored day that waits for a second person; returns its id. */
export async function proposeEdit(
  admin: pg.Pool,
  utilityId: number,
  { meterId, day, indexL }: StoredDay,
): Promise<number> {
  const { rows } = await admin.query<{ edit_id: number }>(
    `insert into reading_edit (utility_id, meter_id, day, kind, hours, index_l, received_l, reason, note, moved_l, state, made_by, made_name)
     values ($1, $2, $3::date, 'entered', '{24}', '{2000}', array[$4::integer], 'read-on-site', '', 770, 'proposed', 'system:test', 'test')
     returning edit_id`,
    [utilityId, meterId, day, indexL[23]],
  );
  return rows[0]!.edit_id;
}
