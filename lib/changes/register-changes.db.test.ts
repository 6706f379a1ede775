import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { transactAs } from '../../db/client.ts';
import {
  createUtility,
  fitHousehold,
  fitTerminal,
  type Household,
  insert,
  unique,
} from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { SystemActor } from '../actor.ts';
import { closeSupplyPoint, setAreaLimits } from '../register/amend-commands.ts';
import { beginEarlier } from '../register/begin-earlier-commands.ts';
import { exchangeMeter } from '../register/exchange-commands.ts';
import { removeMeter } from '../register/meter-commands.ts';
import { moveOut } from '../register/supply-point-commands.ts';
import { removeTerminal } from '../terminals/removal-commands.ts';
import { type Change, type ChangePosition, listUnreadChanges } from './change-queries.ts';

let database: TestDatabase;
let utilityId: number;
let home: Household;
let areaId: number;
let actor: SystemActor;
/** Position of the feed after the fixtures. */
let begin: ChangePosition;

const now = new Date('2025-06-01T00:00:00Z');
const at = (text: string) => new Date(`${text}+09:00`);

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  utilityId = await createUtility(database.adminPool);
  home = await fitHousehold(database.adminPool, utilityId);
  actor = { kind: 'system', utilityId, name: 'test' };
  const { rows } = await database.adminPool.query<{ area_id: number }>(
    'select area_id from area where utility_id = $1',
    [utilityId],
  );
  areaId = rows[0]!.area_id;
  begin = (await unread({ transactionId: '0', changeId: 0 })).at(-1)!.position;
});

const unread = (after: ChangePosition) =>
  transactAs(database.workerDb, utilityId, (tx) =>
    listUnreadChanges(tx, utilityId, { after, limit: 1000 }),
  );
const inRegister = <T>(fn: Parameters<typeof transactAs<T>>[2]) =>
  transactAs(database.db, utilityId, fn);

/** Changes to compare: without positions and without members that are null or empty. */
async function listedChanges(): Promise<Partial<Change>[]> {
  return (await unread(begin)).map(({ position: _, ...change }) =>
    Object.fromEntries(
      Object.entries(change).filter(([, value]) => value !== null && String(value) !== ''),
    ),
  );
}

describe('a change of the register is in the feed with the days that it concerns', () => {
  it('for an exchange: of both meters from its day on', async () => {
    const { meter_id: other } = await insert(database.adminPool, 'meter', {
      ...{ utility_id: utilityId, serial: unique(11), gas_kind: 'city', size: '2.5', dial_l: 1e8 },
    });
    const { rows } = await database.adminPool.query<{ serial: string }>(
      'select serial from meter where meter_id = $1',
      [other],
    );
    await inRegister((tx) =>
      exchangeMeter(tx, actor, {
        ...{ supplyPointId: home.supplyPointId, exchangedAt: at('2025-03-05T10:30'), now },
        ...{ finalIndexL: 5, newSerial: rows[0]!.serial, startIndexL: 0 },
      }),
    );
    const areaIds = [areaId];
    expect(await listedChanges()).toEqual([
      { what: 'register', meterIds: [home.meterId], areaIds, firstDay: '2025-03-05' },
      { what: 'register', meterIds: [other], areaIds, firstDay: '2025-03-05' },
    ]);
  });

  it('for an earlier begin: the days between', async () => {
    await database.adminPool.query(
      `update meter_fitting set fitted_at = '2025-03-05T10:00+09' where utility_id = $1`,
      [utilityId],
    );
    begin = (await unread(begin)).at(-1)!.position;
    await inRegister((tx) =>
      beginEarlier(tx, actor, { customerNumber: home.customerNumber, fromOn: '2025-03-01' }),
    );
    expect(await listedChanges()).toEqual([
      {
        ...{ what: 'register', meterIds: [home.meterId], areaIds: [areaId] },
        ...{ firstDay: '2025-03-01', lastDay: '2025-03-05' },
      },
    ]);
  });

  it('for a removed meter, a removed terminal, a closed supply point', async () => {
    await inRegister((tx) =>
      removeTerminal(tx, actor, {
        number: home.terminalNumber,
        removedAt: at('2025-04-02T09:00'),
        now,
      }),
    );
    await inRegister((tx) =>
      removeMeter(tx, actor, {
        supplyPointId: home.supplyPointId,
        removedAt: at('2025-04-03T09:00'),
        now,
      }),
    );
    await inRegister((tx) =>
      moveOut(tx, actor, { customerNumber: home.customerNumber, toOn: '2025-04-01' }),
    );
    const { rows } = await database.adminPool.query<{ number: string }>(
      'select number from supply_point where utility_id = $1',
      [utilityId],
    );
    await inRegister((tx) =>
      closeSupplyPoint(tx, actor, { number: rows[0]!.number, closedOn: '2025-04-02' }),
    );
    expect(
      (await listedChanges()).map(({ meterIds, firstDay, lastDay }) => [
        meterIds,
        firstDay,
        lastDay,
      ]),
    ).toEqual([
      [[home.meterId], '2025-04-02', undefined],
      [[home.meterId], '2025-04-03', undefined],
      [[home.meterId], '2025-04-02', undefined],
    ]);
  });

  it('for a terminal that is fitted where a meter is', async () => {
    await database.adminPool.query(
      `update terminal_fitting set to_at = '2025-03-01T00:00+09' where utility_id = $1`,
      [utilityId],
    );
    begin = (await unread(begin)).at(-1)!.position;
    await fitTerminal(database.adminPool, utilityId, {
      supplyPointId: home.supplyPointId,
      fromAt: '2025-03-07T00:00+09',
    });
    expect(await listedChanges()).toEqual([
      { what: 'register', meterIds: [home.meterId], areaIds: [areaId], firstDay: '2025-03-07' },
    ]);
  });

  it('for a supply point that moves to another area: all days of both', async () => {
    const other = await fitHousehold(database.adminPool, utilityId);
    begin = (await unread(begin)).at(-1)!.position;
    const { rows } = await database.adminPool.query<{ was: number }>(
      `update supply_point s set area_id = $2 from supply_point o
       where s.supply_point_id = $1 and o.supply_point_id = $1 returning o.area_id as was`,
      [other.supplyPointId, areaId],
    );
    expect(await listedChanges()).toEqual([
      { what: 'register', meterIds: [other.meterId], areaIds: [rows[0]!.was, areaId] },
    ]);
  });

  it('for new limits: all days of the area; the same limits again are no change', async () => {
    const { rows } = await database.adminPool.query<{ code: string }>(
      'select code from area where utility_id = $1',
      [utilityId],
    );
    const limits = { code: rows[0]!.code, pressureMinPa: 1100, pressureMaxPa: 2400 };
    await inRegister((tx) => setAreaLimits(tx, actor, limits));
    await inRegister((tx) => setAreaLimits(tx, actor, limits));
    expect(await listedChanges()).toEqual([{ what: 'limits', areaIds: [areaId] }]);
  });
});
