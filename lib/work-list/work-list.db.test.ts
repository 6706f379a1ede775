// The work-list against stored days: which readings are on it, by rule and by litres, and what leaves it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAs } from '../../db/client.ts';
import {
  createSupplyPoint,
  createUtility,
  fitHousehold,
  type Household,
} from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor, StaffRole } from '../actor.ts';
import { validateAll } from '../validation/testing-validate.ts';
import { spoil, storeHours } from './testing-work-list.ts';
import { getWorkItem } from './work-item-queries.ts';
import type { WorkRule } from './work-list.ts';
import { listWork } from './work-list-queries.ts';

const NOW = new Date('2026-11-15T12:00:00+09:00');
const ASK = { order: 'litres', limit: 50, now: NOW } as const;

let database: TestDatabase;
let utilityId: number;
const homes: Household[] = [];

const staff = (role: StaffRole): Actor => ({
  ...{ kind: 'staff', utilityId, accountId: 1, role, sessionId: 'x' },
});

const list = (ask: Partial<Parameters<typeof listWork>[2]> = {}) =>
  readAs(database.db, utilityId, (read) => listWork(read, staff('analyst'), { ...ASK, ...ask }));

const item = (home: Household, fromOn: string) =>
  readAs(database.db, utilityId, (read) =>
    getWorkItem(read, staff('billing'), { meterId: home.meterId, fromOn, now: NOW }),
  );

beforeAll(async () => {
  database = await testDatabase();
  const admin = database.adminPool;
  utilityId = await createUtility(admin);
  for (const closingDay of [20, 31, 20, 20]) {
    homes.push(await fitHousehold(admin, utilityId, { closingDay }));
  }
  await admin.query('update meter set dial_l = 100000000, size = 6 where utility_id = $1', [
    utilityId,
  ]);
  const [first, second, third, sound] = homes as [Household, Household, Household, Household];
  // One hour too high; a fall over three days; a step that stays.
  await storeHours(admin, utilityId, first, spoil({ '2026-10-10 13': 1_300_000 }));
  await storeHours(admin, utilityId, second, (day, hour, soundL) =>
    day >= '2026-10-28' && day <= '2026-10-30' ? 20 * hour : soundL,
  );
  await storeHours(admin, utilityId, third, (day, _hour, soundL) =>
    day >= '2026-11-05' ? soundL + 500_000 : soundL,
  );
  await storeHours(admin, utilityId, sound, (_day, _hour, soundL) => soundL);
  await validateAll(database, utilityId, NOW);
});
afterAll(() => database.close());

describe('the work-list', () => {
  it('has one item for each stretch in doubt, most litres first, with the closing it touches', async () => {
    const { rows, total, next, byRule, litresInDoubt } = await list();
    expect(
      rows.map(({ meterId, fromOn, toOn, rule, registers, steps, closing }) => [
        ...[meterId, fromOn, toOn, rule, registers, steps, closing.closesOn, closing.state],
      ]),
    ).toEqual([
      [homes[1]?.meterId, '2026-10-28', '2026-10-30', 'fell', 72, 0, '2026-10-31', 'closed'],
      [homes[2]?.meterId, '2026-11-05', '2026-11-05', 'implausible', 0, 1, '2026-11-20', 'coming'],
      [homes[0]?.meterId, '2026-10-10', '2026-10-10', 'jumped', 1, 0, '2026-10-20', 'closed'],
    ]);
    expect(rows.map(({ litresInDoubt: litres }) => litres)).toEqual([
      1_027_360 - 20,
      500_020,
      1_300_000 - 1_019_000,
    ]);
    expect({ total, next, byRule }).toEqual({
      ...{ total: 3, next: null },
      byRule: { jumped: 1, fell: 1, implausible: 1 },
    });
    expect(litresInDoubt).toBe(rows.reduce((sum, row) => sum + row.litresInDoubt, 0));
  });

  it.each([
    { order: 'litres', places: [1, 2, 0] },
    { order: 'closing', places: [0, 1, 2] },
  ] as const)('goes page by page by $order, each item once', async ({ order, places }) => {
    const seen: (string | number)[] = [];
    let after: string | undefined;
    do {
      const { rows, next, total } = await list({ order, after, limit: 1 });
      expect(total).toBe(3);
      seen.push(...rows.map(({ meterId }) => meterId));
      after = next ?? undefined;
    } while (after !== undefined);
    expect(seen).toEqual(places.map((at) => homes[at]?.meterId));
  });

  it('leaves those of a rule, of an area or with a number', async () => {
    const fell = await list({ rule: 'fell' });
    expect(fell.rows.map(({ meterId }) => meterId)).toEqual([homes[1]?.meterId]);
    expect(fell).toMatchObject({ total: 1, byRule: { jumped: 1, implausible: 1 } });
    const areaId = fell.rows[0]?.areaId;
    expect(await list({ areaId })).toMatchObject({ total: 1, byRule: { fell: 1 } });
    const search = homes[2]?.customerNumber;
    expect((await list({ search })).rows.map(({ meterId }) => meterId)).toEqual([
      homes[2]?.meterId,
    ]);
    expect(await list({ search: 'no such' })).toMatchObject({ total: 0, rows: [] });
    expect(await list({ meterId: homes[3]?.meterId })).toMatchObject({
      total: 0,
      litresInDoubt: 0,
    });
  });

  it('refuses a place that no page gave', async () => {
    await expect(list({ after: 'x' })).rejects.toMatchObject({
      ...{ code: 'invalid_input', details: { faults: [{ field: 'after' }] } },
    });
  });

  it('is not for a key without the right, nor for another utility', async () => {
    const key = { kind: 'key', utilityId, keyId: 1, name: 'x', scopes: ['closing.read'] } as const;
    await expect(
      readAs(database.db, utilityId, (read) => listWork(read, key, ASK)),
    ).rejects.toMatchObject({ code: 'forbidden' });
    const other = await createUtility(database.adminPool);
    await createSupplyPoint(database.adminPool, other);
    const actor = { kind: 'system', utilityId: other, name: 'test' } as const;
    expect(await readAs(database.db, other, (read) => listWork(read, actor, ASK))).toMatchObject({
      total: 0,
    });
  });
});

describe('an item', () => {
  it('has the days around it and the sound registers on both sides', async () => {
    const detail = await item(homes[1] as Household, '2026-10-28');
    expect(detail).toMatchObject({
      before: { day: '2026-10-27', hourEnding: 24, indexL: 1_027_360 },
      after: { day: '2026-10-31', hourEnding: 1, indexL: 1_028_820 },
      ...{ usageL: 1_460, mostL: 73 * 7_200, dialL: 100_000_000, sizeM3PerHour: 6 },
    });
    expect(detail.days.map(({ day }) => day)).toEqual([
      ...['2026-10-25', '2026-10-26', '2026-10-27', '2026-10-28', '2026-10-29', '2026-10-30'],
      ...['2026-10-31', '2026-11-01', '2026-11-02'],
    ]);
    const doubted = detail.days.flatMap(({ hours }) => hours.filter(({ rule }) => rule !== null));
    expect(doubted).toHaveLength(72);
    expect(doubted[0]).toEqual({
      hourEnding: 1,
      indexL: 20,
      rule: 'fell',
      stepRule: null,
      edit: null,
    });
  });

  it('of a step has its two ends', async () => {
    const detail = await item(homes[2] as Household, '2026-11-05');
    expect(detail).toMatchObject({
      before: { day: '2026-11-04', hourEnding: 24 },
      after: { day: '2026-11-05', hourEnding: 1 },
      usageL: null,
    });
  });

  it('is there no longer once another value is stored', async () => {
    const home = homes[0] as Household;
    expect((await item(home, '2026-10-10')).days[3]?.hours[12]?.rule).toBe('jumped');
    const set = (value: number) =>
      database.adminPool.query(
        `update series.meter_day set index_l[13] = $2 where meter_id = $1 and day = '2026-10-10'`,
        [home.meterId, value],
      );
    await set(1_018_980);
    await expect(item(home, '2026-10-10')).rejects.toMatchObject({ code: 'not_found' });
    await set(1_300_000);
    await expect(item(home, '2026-10-11')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('has a rule that the list of rules knows', async () => {
    const { byRule } = await list();
    const known: WorkRule[] = ['fell', 'implausible', 'jumped'];
    expect(Object.keys(byRule).toSorted()).toEqual(known);
  });
});
