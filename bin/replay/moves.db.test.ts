import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Tx } from '../../db/schema.ts';
import type { SystemActor } from '../../lib/actor.ts';
import { exchangeMeter } from '../../lib/register/exchange-commands.ts';
import { fitMeter, registerMeter } from '../../lib/register/meter-commands.ts';
import { moveIn, moveOut, registerSupplyPoint } from '../../lib/register/supply-point-commands.ts';
import { instantOf } from '../../lib/time.ts';
import { replayFile } from './run-replay.ts';
import {
  type ReplayBench,
  replayBench,
  replayDays,
  replayLine,
  replayText,
} from './testing-replay.ts';

const NOW = new Date('2025-12-01T12:00:00+09:00');
const DAYS = `select o.customer_number, d.day, d.index_l[1] as first_l, m.serial
  from series.meter_day d join meter m on m.meter_id = d.meter_id
  join meter_fitting f on f.meter_id = d.meter_id
  join occupancy o on o.supply_point_id = f.supply_point_id
    and o.from_on <= d.day and (o.to_on is null or o.to_on > d.day)
  order by d.day`;

let bench: ReplayBench;
beforeEach(async () => {
  bench = await replayBench();
});
afterEach(() => bench.close());

async function replay(customerNumber: string, text: string) {
  await writeFile(bench.options.file, text);
  return replayFile({ ...bench.options, customerNumber });
}

/** Registers a second supply point, without meter and terminal, into which a customer moves. */
async function moveTo(tx: Tx, office: SystemActor, customerNumber: string, fromOn: string) {
  const { area_id } = await tx.selectFrom('area').select('area_id').executeTakeFirstOrThrow();
  const supplyPoint = { number: 'S-2', areaId: area_id, closingDay: 20, openedOn: '2024-01-01' };
  const supplyPointId = await registerSupplyPoint(tx, office, supplyPoint);
  await moveIn(tx, office, { supplyPointId, customerNumber, fromOn });
  return supplyPointId;
}

describe('replaying for a customer who moved out', () => {
  beforeEach(async () => {
    await replay('OLD-1', replayDays('2024-03-01', 9));
    await bench.act(async (tx, office) => {
      await moveOut(tx, office, { customerNumber: 'OLD-1', toOn: '2024-03-10' });
      const { supply_point_id: supplyPointId } = await tx
        .selectFrom('supply_point')
        .select('supply_point_id')
        .executeTakeFirstOrThrow();
      await moveIn(tx, office, { supplyPointId, customerNumber: 'NEW-1', fromOn: '2024-03-15' });
    });
    await replay('NEW-1', replayDays('2024-03-15', 3, 1_010_000));
  });

  test('days after the move-out are refused with its date, and the successor’s stay as they are', async () => {
    const before = await bench.rows(DAYS);
    expect(before).toHaveLength(12);
    const text = replayText(
      replayLine('2024-03-09', 2_000_000),
      replayLine('2024-03-12', 2_000_500),
      replayLine('2024-03-16', 2_001_000),
    );
    const left = 'not a day of this customer, who moved out, 2024-03-10 being the first day that';
    await expect(replay('OLD-1', text)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(
        new RegExp(`line 3, column 1 \\(date\\): 2024-03-12 is ${left}.*\n.*line 4.*2024-03-16`),
      ),
    });
    expect(await bench.rows(DAYS)).toEqual(before);
  });

  test('days before the successor’s move-in are refused with its date, and the move-in stays', async () => {
    await expect(replay('NEW-1', replayDays('2024-03-14', 2))).rejects.toMatchObject({
      message: expect.stringContaining(
        '2024-03-14 is not a day of this customer, who moved in on 2024-03-15',
      ),
    });
    const begin = `select from_on from occupancy where customer_number = 'NEW-1'`;
    expect(await bench.rows(begin)).toEqual([{ from_on: '2024-03-15' }]);
  });

  test("days that are still the customer's can be corrected", async () => {
    const corrected = replayDays('2024-03-01', 9, 1_000_007);
    expect(await replay('OLD-1', corrected)).toMatchObject({ committed: 9, changed: 9 });
  });
});

describe('replaying for a customer who moved to another supply point', () => {
  beforeEach(async () => {
    await replay('RU-1', replayDays('2024-03-01', 5));
    await bench.act((tx, office) =>
      moveOut(tx, office, { customerNumber: 'RU-1', toOn: '2024-03-10' }),
    );
  });

  test('each day goes to the supply point of that time, with its meter and terminal', async () => {
    await bench.act((tx, office) => moveTo(tx, office, 'RU-1', '2024-03-10'));
    // The register at the second supply point is lower.
    const text = replayText(
      replayLine('2024-03-08', 1_100_000),
      replayLine('2024-03-09', 1_100_400),
      replayLine('2024-03-10', 500),
      replayLine('2024-03-11', 900),
    );
    const result = await replay('RU-1', text);
    expect(result).toMatchObject({ sent: 4, committed: 4, added: 4, quarantined: [] });
    expect(result.registered).toEqual(['meter', 'terminal']);
    expect(
      result.supplyPoints.map(({ supplyPointNumber, days }) => [supplyPointNumber, days]),
    ).toEqual([
      [expect.stringMatching(/^R-/), 2],
      ['S-2', 2],
    ]);
    const [first, second] = result.supplyPoints;
    expect(second!.meterSerial).not.toBe(first!.meterSerial);
    expect(second!.terminalNumber).not.toBe(first!.terminalNumber);
    const held = (await bench.rows(DAYS)).map(({ day, first_l, serial }) => [day, first_l, serial]);
    expect(held.slice(-4)).toEqual([
      ['2024-03-08', 1_100_000, first!.meterSerial],
      ['2024-03-09', 1_100_400, first!.meterSerial],
      ['2024-03-10', 500, second!.meterSerial],
      ['2024-03-11', 900, second!.meterSerial],
    ]);
    expect(await replay('RU-1', text)).toMatchObject({ committed: 4, changed: 0, registered: [] });
  });

  test('a meter that the office fitted there is used', async () => {
    await bench.act(async (tx, office) => {
      const supplyPointId = await moveTo(tx, office, 'RU-1', '2024-03-12');
      await registerMeter(tx, office, {
        serial: '77',
        gasKind: 'city',
        size: 4,
        dialL: 10_000_000,
      });
      const fittedAt = instantOf('2024-03-12', 10);
      await fitMeter(tx, office, {
        now: NOW,
        serial: '77',
        supplyPointId,
        fittedAt,
        startIndexL: 5,
      });
    });
    // Readings begin at the hour of its fitting.
    const [, ...hours] = replayLine('2024-03-12', 0).split(',');
    const first = ['2024-03-12', ...hours.map((hour, i) => (i < 9 ? '' : hour))].join(',');
    const text = replayText(first, replayLine('2024-03-13', 360));
    const result = await replay('RU-1', text);
    expect(result).toMatchObject({ committed: 2, registered: ['terminal'] });
    expect(result.supplyPoints).toMatchObject([{ meterSerial: '77' }]);
  });

  test('days of two meters of one supply point are not sent as those of one', async () => {
    await bench.act(async (tx, office) => {
      const supplyPointId = await moveTo(tx, office, 'RU-1', '2024-03-12');
      for (const serial of ['77', '78']) {
        await registerMeter(tx, office, { serial, gasKind: 'city', size: 4, dialL: 10_000_000 });
      }
      const fittedAt = instantOf('2024-03-12', 0);
      await fitMeter(tx, office, {
        now: NOW,
        serial: '77',
        supplyPointId,
        fittedAt,
        startIndexL: 5,
      });
      const exchangedAt = instantOf('2024-03-15', 10);
      await exchangeMeter(tx, office, {
        now: NOW,
        ...{ supplyPointId, exchangedAt, newSerial: '78', startIndexL: 0, finalIndexL: 2_000_000 },
      });
    });
    const both = replayDays('2024-03-12', 6);
    await expect(replay('RU-1', both)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(
        /replay cannot follow customer RU-1 to supply point S-2 from 2024-03-12 to 2024-03-17: there was meter 77 from 2024-03-12 to 2024-03-15, meter 78 from 2024-03-15/,
      ),
    });
    const before = await replay('RU-1', replayDays('2024-03-12', 3));
    expect(before.supplyPoints).toMatchObject([{ meterSerial: '77' }]);
    const after = await replay('RU-1', replayDays('2024-03-16', 2));
    expect(after.supplyPoints).toMatchObject([{ meterSerial: '78' }]);
  });

  test('days without an occupancy are refused', async () => {
    await bench.act((tx, office) => moveTo(tx, office, 'RU-1', '2024-03-12'));
    await expect(replay('RU-1', replayDays('2024-03-09', 4))).rejects.toMatchObject({
      message: expect.stringContaining('and in again on 2024-03-12'),
    });
  });
});
