import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readAs } from '../../db/client.ts';
import {
  createSupplyPoint,
  createUtility,
  fitHousehold,
  fitMeter,
  fitTerminal,
  type Household,
  occupy,
  storeDay,
  unique,
} from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor } from '../actor.ts';
import { getClosingExplanation } from './closing-explanation-queries.ts';

/** Half past midnight after the closing of 20 April: reports are due at 5:00. */
const NOW = new Date('2025-04-21T00:30:00+09:00');

let database: TestDatabase;
let utilityId: number;
let supplyPoint: string;
let home: Household;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  supplyPoint = `S${unique(8)}`;
  home = await fitHousehold(database.adminPool, utilityId, { closingDay: 20, number: supplyPoint });
});

interface Asked {
  customer?: string;
  supplyPoint?: string;
  closingDay?: number;
  month?: string;
  now?: Date;
  actor?: Actor;
}

function explain(asked: Asked = {}) {
  const actor = asked.actor ?? { kind: 'system', utilityId, name: 'test' };
  const input = {
    ...{ closingDay: 20, month: '2025-04', kind: 'regular' as const, now: NOW },
    ...{ customer: home.customerNumber, supplyPoint },
    ...asked,
  };
  return readAs(database.db, utilityId, (db) => getClosingExplanation(db, actor, input));
}

function day(on: string, indexL: number, lastHour = 24, of: Household = home): Promise<void> {
  const hours = Array.from({ length: 24 }, (_, at) => (at < lastHour ? indexL : null));
  return storeDay(database.adminPool, utilityId, { ...of, day: on, indexL: hours });
}

describe('the explanation of a closing row', () => {
  test('has the last five days with what arrived, what is missing and what is awaited', async () => {
    await day('2025-03-20', 553_634);
    await day('2025-04-16', 590_000);
    await day('2025-04-18', 595_000, 20);
    await day('2025-04-19', 597_570);
    const { row, days, asOf } = await explain();
    expect(row).toMatchObject({ quality: 'awaited', indexL: 597_570, usageM3: '44' });
    expect(asOf).toEqual(NOW);
    expect(days.map(({ day: on, state, indexL }) => [on, state, indexL])).toEqual([
      ['2025-04-16', 'arrived', 590_000],
      ['2025-04-17', 'missing', null],
      ['2025-04-18', 'incomplete', null],
      ['2025-04-19', 'arrived', 597_570],
      ['2025-04-20', 'awaited', null],
    ]);
    expect(days.at(-1)).toMatchObject({
      ...{ receivedAt: null, expectedFrom: new Date('2025-04-21T01:00:00+09:00') },
      dueAt: new Date('2025-04-21T05:00:00+09:00'),
    });
  });

  test('calls a report missing from the instant at which it is due', async () => {
    const stateAt = async (now: string) => {
      const { row, days } = await explain({ now: new Date(now) });
      return [row.quality, days.at(-1)?.state];
    };
    expect(await stateAt('2025-04-21T04:59:59.999+09:00')).toEqual(['awaited', 'awaited']);
    expect(await stateAt('2025-04-21T05:00:00+09:00')).toEqual(['none', 'missing']);
  });

  test('says that a register was reported and is not used because it is in doubt', async () => {
    await day('2025-04-19', 597_570);
    await day('2025-04-20', 16_777_215);
    await database.adminPool.query(
      `insert into reading_verdict (utility_id, meter_id, day, hours, index_l, rules, step_hours, step_rules, judged_at)
       select $1, $2, '2025-04-20', array_agg(h::smallint order by h), array_agg(16777215), array_agg('error-code'::text), '{}', '{}', now()
       from generate_series(1, 24) h`,
      [utilityId, home.meterId],
    );
    const { row, days } = await explain();
    expect(row).toMatchObject({ quality: 'substituted', indexL: 597_570 });
    expect(days.at(-1)).toMatchObject({ state: 'doubtful', indexL: 16_777_215 });
  });

  test('has the registers of each meter of an exchange, with serials and instants', async () => {
    const at = '2025-04-05T10:00:00+09:00';
    await database.adminPool.query(
      'update meter_fitting set removed_at = $2, final_index_l = 3488900 where utility_id = $1 and meter_id = $3',
      [utilityId, at, home.meterId],
    );
    const { supplyPointId } = home;
    const fitted = { supplyPointId, fittedAt: at, startIndexL: 0 };
    const next = await fitMeter(database.adminPool, utilityId, fitted);
    await day('2025-03-20', 3_459_200);
    await day('2025-04-20', 1_050, 24, { ...home, ...next });
    const { row, meterId, segments, rounding } = await explain();
    expect({ row, meterId, rounding }).toMatchObject({
      ...{ row: { usageM3: '30', remarks: ['exchanged'] } },
      ...{ meterId: next.meterId, rounding: 'difference-of-floors' },
    });
    expect(segments).toMatchObject([
      {
        meterSerial: home.serial,
        fromL: 3_459_200,
        fromAt: '2025-03-21T00:00:00+09:00',
        toL: 3_488_900,
      },
      { meterSerial: next.serial, fromL: 0, toL: 1_050, toAt: '2025-04-21T00:00:00+09:00' },
    ]);
  });

  test('expects nothing from a supply point without a terminal or a meter', async () => {
    const bare = `S${unique(8)}`;
    const supplyPointId = await createSupplyPoint(database.adminPool, utilityId, {
      ...{ number: bare, closingDay: 20 },
    });
    const { customerNumber } = await occupy(database.adminPool, utilityId, { supplyPointId });
    const { row, days, meterId, segments } = await explain({
      ...{ customer: customerNumber, supplyPoint: bare },
    });
    expect({ row, meterId, segments }).toMatchObject({
      ...{ row: { quality: 'none' }, meterId: null, segments: [] },
    });
    expect(new Set(days.map(({ state }) => state))).toEqual(new Set(['unexpected']));
    await fitTerminal(database.adminPool, utilityId, { supplyPointId });
    const withTerminal = await explain({ customer: customerNumber, supplyPoint: bare });
    expect(withTerminal.days.at(-1)?.state).toBe('unexpected');
  });

  test.each([
    ['another customer', { customer: '999' }],
    ['another supply point', { supplyPoint: 'S0' }],
    ['another closing day', { closingDay: 15 }],
    ['a closing that has not come', { month: '2025-05' }],
  ])('is not found for %s', async (_, asked) => {
    await expect(explain(asked)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is refused without the right, and does not exist for another utility', async () => {
    const analyst: Actor = {
      ...{ kind: 'staff', utilityId, accountId: 7, role: 'analyst', sessionId: 's' },
    };
    await expect(explain({ actor: analyst })).rejects.toMatchObject({ code: 'forbidden' });
    const { customerNumber } = home;
    const own = supplyPoint;
    utilityId = await createUtility(database.adminPool);
    const foreign = { customer: customerNumber, supplyPoint: own };
    await expect(explain(foreign)).rejects.toMatchObject({ code: 'not_found' });
  });
});
