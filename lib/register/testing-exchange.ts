/** Fixtures of exchange tests: a household, and an administrator's session. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import {
  createUtility,
  fitHousehold,
  type Household,
  rising,
  storeDay,
} from '../../db/testing/fixtures.ts';
import { openStaffSession, workInSession } from '../../db/testing/sessions.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { StaffActor, SystemActor } from '../actor.ts';
import { recordAct } from '../audit/audit-commands.ts';
import {
  listSupplyPointClosings,
  listSupplyPointClosingsAsIf,
} from '../closing/closing-as-if-queries.ts';
import { closingCalendar } from '../closing/closing-day.ts';
import { addDays, instantOf } from '../time.ts';
import { getUsageLine, listFittedMeters } from '../usage/usage-line-queries.ts';
import { usageByDay } from '../usage/usage-totals.ts';
import { exchangeMeter, undoExchange } from './exchange-commands.ts';
import { previewExchange } from './exchange-preview-queries.ts';
import type { MeterExchange } from './register.ts';

export let database: TestDatabase;
export let utilityId: number;
/** A household with the closing day 20. */
export let home: Household;
export let admin: StaffActor;
/** Work of the web process in the session of `admin`. */
export let work: ReturnType<typeof workInSession>;
export const office = (): SystemActor => ({ kind: 'system', utilityId, name: 'test' });

/** Provides a database for the file, and a new utility for each test. */
export function arrangeExchanges(): void {
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    utilityId = await createUtility(database.adminPool);
    home = await fitHousehold(database.adminPool, utilityId, { closingDay: 20 });
    const { accountId, sessionId, token } = await openStaffSession(database.adminPool, utilityId);
    admin = { kind: 'staff', utilityId, accountId, role: 'admin', sessionId };
    work = workInSession(database, token);
  });
}

export const NOW = new Date('2024-04-02T12:00:00+09:00');
const FIRST = '2024-02-15';
export const NEW_METER = { size: 4, dialL: 10_000_000, verificationExpiresOn: '2034-03-31' };

/** Days of the old meter from 15 February, 2 L an hour from 1,000,000 L. */
export async function readOld(lastDay: string): Promise<void> {
  for (let day = FIRST, at = 0; day <= lastDay; day = addDays(day, 1), at += 1) {
    const indexL = rising(1_000_002 + at * 48, 2);
    await storeDay(database.adminPool, utilityId, { ...home, day, indexL });
  }
}

/** The old meter's register at an instant of its days, whole hours. */
export function oldIndexAt(at: Date): number {
  const hours = (at.getTime() - instantOf(FIRST, 0).getTime()) / 3_600_000;
  return 1_000_000 + Math.floor(hours) * 2;
}

export function exchange(given: Partial<MeterExchange> = {}): MeterExchange {
  return {
    removedMeterId: home.meterId,
    exchangedAt: new Date('2024-03-10T10:30:00+09:00'),
    finalIndexL: oldIndexAt(new Date('2024-03-10T10:30:00+09:00')) + 1,
    newSerial: '777',
    startIndexL: 0,
    newMeter: NEW_METER,
    now: NOW,
    ...given,
  };
}

export const preview = (given: MeterExchange) =>
  work.read((db) => previewExchange(db, admin, given));
export const act = (given: MeterExchange) => work.transact((tx) => exchangeMeter(tx, admin, given));
export const undo = (exchangeId: number) =>
  work.transact((tx) => undoExchange(tx, admin, { exchangeId }));

const TABLES = [
  ...['supply_point', 'occupancy', 'meter', 'meter_fitting', 'meter_exchange', 'terminal_fitting'],
  ...['reading_request', 'meter_day', 'meter_day_revision', 'former_closing_day'],
];

/** All rows of the register and of the readings. */
export async function allRows(): Promise<Record<string, unknown[]>> {
  const rows = await Promise.all(
    TABLES.map(async (table) => {
      const name = table === 'meter_day' ? 'series.meter_day' : table;
      const { rows } = await database.adminPool.query(
        `select * from ${name} where utility_id = $1 order by 1, 2, 3`,
        [utilityId],
      );
      return [table, rows] as const;
    }),
  );
  return Object.fromEntries(rows);
}

export async function audit(): Promise<[string, string][]> {
  const { rows } = await database.adminPool.query<{ act: string; actor: string }>(
    'select act, actor from audit where utility_id = $1 order by audit_id',
    [utilityId],
  );
  return rows.map((row) => [row.act, row.actor]);
}

const CLOSINGS = closingCalendar(
  { closingDay: 20, fromMonth: '2024-02', toMonth: '2024-03' },
  NOW,
).closings;

/** Usage by day and the closings, by the verbs of the product. */
export function figures() {
  return readAs(database.db, utilityId, async (db) => {
    const meters = await listFittedMeters(db, { utilityId, ...home });
    const range = { utilityId, fromDay: FIRST, toDay: '2024-04-02' };
    const line = await getUsageLine(db, range, meters);
    const { rows } = await database.adminPool.query<{ number: string }>(
      'select number from supply_point where utility_id = $1 and supply_point_id = $2',
      [utilityId, home.supplyPointId],
    );
    const supplyPoint = {
      ...home,
      supplyPointNumber: rows[0]!.number,
      closingDay: 20,
      closings: CLOSINGS,
      now: NOW,
    };
    return {
      line,
      days: usageByDay(line, range.fromDay, range.toDay),
      closings: await listSupplyPointClosings(db, office(), supplyPoint),
      asIf: await listSupplyPointClosingsAsIf(db, office(), supplyPoint, meters),
    };
  });
}

/** Records a finished file of a closing, as its export does. */
export async function closingFile(
  closesOn: string,
  more: object = {},
  closingDay = 20,
): Promise<void> {
  const file = { export: randomUUID(), ...more };
  await closingAct('closing.export-begun', closesOn, file, closingDay);
  await closingAct('closing.exported', closesOn, file, closingDay);
}

/** Records one act of a closing's file, by the office or another actor. */
export function closingAct(
  act: string,
  closesOn: string,
  { actor = office(), ...more }: { actor?: SystemActor; export?: string },
  closingDay = 20,
): Promise<void> {
  const detail = { customerNumber: null, closings: [closesOn], ...more };
  return transactAs(database.db, utilityId, (tx) =>
    recordAct(tx, actor, { act, subject: `closing-day:${closingDay}`, detail }),
  );
}
