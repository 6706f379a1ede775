import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import { createUtility, fitHousehold, type Household } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { needsCheck } from '../closing/closing-counts.ts';
import { closingCalendar } from '../closing/closing-day.ts';
import { streamClosingRows } from '../closing/closing-queries.ts';
import type { ClosingRow } from '../closing/closing-row.ts';
import { getMeterReadings } from '../meters/meter-reading-queries.ts';
import { addDays } from '../time.ts';
import { getOwnMonth } from '../usage/own-usage-queries.ts';
import { validateAll } from './testing-validate.ts';
import { validateNextChanges } from './validation-commands.ts';

const NOW = new Date('2026-12-31T12:00:00+09:00');

let database: TestDatabase;
let utilityId: number;
let home: Household;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  home = await fitHousehold(database.adminPool, utilityId, { closingDay: 31 });
  await database.adminPool.query(
    `update meter set dial_l = 100000000, size = 6 where meter_id = $1`,
    [home.meterId],
  );
});

/**
 * Stores 20 L an hour from 1,000,000 L at the beginning of September to the end of November 2026, with other registers
 * at some hours (`2026-10-31 24`).
 */
async function storeBase(spoiled: Record<string, number>): Promise<void> {
  const days = Array.from({ length: 91 }, (_, offset) => addDays('2026-09-01', offset));
  const rows = days.map((day, offset) => ({
    day,
    index: Array.from(
      { length: 24 },
      (_, at) => spoiled[`${day} ${at + 1}`] ?? 1_000_000 + 480 * offset + 20 * (at + 1),
    ),
  }));
  await database.adminPool.query(
    `insert into series.meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour, terminal_id,
                                   counter, frame_check, received_at, arrival)
     select $1, $2, r.day, r.index, array_fill(2000, array[24]), r.index[24], 24, $3, row_number() over (order by r.day), 0, r.day + 1, 1
     from jsonb_to_recordset($4) r (day date, index integer[])`,
    [utilityId, home.meterId, home.terminalId, JSON.stringify(rows)],
  );
}

const system = () => ({ kind: 'system', utilityId, name: 'test' }) as const;

async function closingsOf(closingDay: number, from: string, to = from): Promise<ClosingRow[]> {
  await database.adminPool.query(
    'update supply_point set closing_day = $2 where supply_point_id = $1',
    [home.supplyPointId, closingDay],
  );
  const { closings } = closingCalendar({ closingDay, fromMonth: from, toMonth: to }, NOW);
  return readAs(database.db, utilityId, async (read) => {
    const rows: ClosingRow[] = [];
    for await (const row of streamClosingRows(read, system(), { closingDay, closings, now: NOW })) {
      rows.push(row);
    }
    return rows;
  });
}

function ownMonth(month: string) {
  const consumer = {
    ...{ kind: 'consumer', utilityId, occupancyId: home.occupancyId, accessId: 1 },
  } as unknown as Parameters<typeof getOwnMonth>[1];
  return readAs(database.db, utilityId, (read) => getOwnMonth(read, consumer, { month, now: NOW }));
}

function meterPage(from: string, to: string, step: 'hour' | 'day') {
  const input = { meterId: home.meterId, from, to, step, now: NOW };
  return readAs(database.db, utilityId, (read) => getMeterReadings(read, system(), input));
}

describe('a register that cannot be a reading', () => {
  it.each([16_777_215, 99_999_999])(
    'at the closing instant (%i) is not billed: the hour before is, and the row is to be checked',
    async (spoiled) => {
      await storeBase({ '2026-10-31 24': spoiled });
      await validateAll(database, utilityId);
      const [october, november] = await closingsOf(31, '2026-10', '2026-11');
      expect(october).toMatchObject({
        ...{ indexL: 1_029_260, previousIndexL: 1_014_400, usageL: 14_860, usageM3: '15' },
        ...{ quality: 'substituted', lagHours: 1, remarks: ['reading-doubtful'] },
      });
      expect(october && needsCheck(october)).toBe(true);
      expect(november).toMatchObject({ previousIndexL: 1_029_260, usageL: 14_420, remarks: [] });
    },
  );

  it('of zero at the closing instant does not make the next usage the whole register', async () => {
    await storeBase({ '2026-10-20 24': 0 });
    await validateAll(database, utilityId);
    const rows = await closingsOf(20, '2026-10', '2026-11');
    expect(rows).toMatchObject([
      { indexL: 1_023_980, usageL: 14_380, remarks: ['reading-doubtful'] },
      { indexL: 1_038_880, usageL: 14_900, remarks: [] },
    ]);
  });

  it.each([99_999_999, 16_777_215, 0])(
    'in the month (%i) changes no sum of it, in no view',
    async (spoiled) => {
      await storeBase({ '2026-10-10 13': spoiled });
      await validateAll(database, utilityId);
      const month = await ownMonth('2026-10');
      expect(month.usage).toMatchObject({ totalL: 14_880, marks: ['doubtful'] });
      expect(month.usage.days[9]).toMatchObject({ usageL: 480, state: 'whole' });
      expect(month.usage.gaps).toMatchObject([{ usageL: 40 }]);
      const [row] = await closingsOf(31, '2026-10');
      expect(row).toMatchObject({ usageL: 14_880, quality: 'actual', remarks: [] });
      const hours = await meterPage('2026-10-08', '2026-10-12', 'hour');
      const days = await meterPage('2026-09-08', '2026-10-31', 'day');
      const of = ({ days: all }: typeof hours) => all.find(({ day }) => day === '2026-10-10');
      expect(of(hours)?.usageL).toBe(480);
      expect(of(days)?.usageL).toBe(480);
      expect(of(hours)?.hours?.[12]).toMatchObject({
        ...{ indexL: null, usageL: null, state: 'spanned', gap: 'indexDoubtful' },
        indexFaultL: spoiled,
      });
      expect(of(days)?.faults).toMatchObject([{ hourEnding: 13, value: spoiled }]);
    },
  );

  it('that was corrected since is used', async () => {
    await storeBase({ '2026-10-31 24': 16_777_215 });
    await validateAll(database, utilityId);
    await database.adminPool.query(
      `update series.meter_day set index_l[24] = 1029280, closing_index_l = 1029280 where meter_id = $1 and day = '2026-10-31'`,
      [home.meterId],
    );
    const [row] = await closingsOf(31, '2026-10');
    expect(row).toMatchObject({ usageL: 14_880, quality: 'actual' });
    expect(row?.remarks).toEqual(['corrected', 'unvalidated']);
    await transactAs(database.db, utilityId, (tx) => validateNextChanges(tx, utilityId, NOW));
    const [validated] = await closingsOf(31, '2026-10');
    expect(validated?.remarks).toEqual(['corrected']);
    const { rows } = await database.adminPool.query(
      'select hours from reading_verdict where utility_id = $1',
      [utilityId],
    );
    expect(rows).toEqual([{ hours: [] }]);
  });
});

describe('a step of the register that stays', () => {
  it('upwards is billed by nobody and blanks the period', async () => {
    const jump = Object.fromEntries(
      Array.from({ length: 61 * 24 }, (_, hour) => {
        const day = addDays('2026-10-01', Math.floor(hour / 24));
        return [`${day} ${(hour % 24) + 1}`, 1_200_000 + 20 * hour];
      }),
    );
    await storeBase(jump);
    await validateAll(database, utilityId);
    const rows = await closingsOf(31, '2026-09', '2026-11');
    expect(rows.map(({ usageL, remarks }) => ({ usageL, remarks }))).toEqual([
      { usageL: null, remarks: ['no-previous'] },
      { usageL: null, remarks: ['implausible'] },
      { usageL: 14_400, remarks: [] },
    ]);
    expect((await ownMonth('2026-10')).usage).toMatchObject({ totalL: null });
  });
});

describe('readings that are not validated yet', () => {
  it('are marked in the closing until they are', async () => {
    await storeBase({});
    await database.adminPool.query(
      'update validation_state set rules_version = 0 where utility_id = $1',
      [utilityId],
    );
    const [before] = await closingsOf(31, '2026-10');
    expect(before).toMatchObject({ usageL: 14_880, remarks: ['unvalidated'] });
    expect(before && needsCheck(before)).toBe(true);
    await validateAll(database, utilityId);
    const [after] = await closingsOf(31, '2026-10');
    expect(after?.remarks).toEqual([]);
  });
});
