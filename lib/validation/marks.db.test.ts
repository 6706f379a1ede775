// Marks for attention (注意): from stored readings to the list, the row of a closing, and what a person does with them.
import { describe, expect, it } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import { createUtility, fitHousehold, type Household } from '../../db/testing/fixtures.ts';
import type { Actor } from '../actor.ts';
import {
  type ArrivingDay,
  arrangeRuns,
  arrive,
  database,
  draft,
  NOW,
  office,
  steadyDays,
  utilityId,
} from '../closing/testing-runs.ts';
import { editReading, takeBackEdit } from '../editing/edit-commands.ts';
import { seeMark } from './mark-commands.ts';
import { countOpenMarks, listMarks } from './mark-queries.ts';
import type { MarkSeenInput } from './mark-wire.ts';
import { validateAll } from './testing-validate.ts';

arrangeRuns();

const household = () => fitHousehold(database.adminPool, utilityId, { closingDay: 20 });
const LINE = { since: '2024-07-01', fromL: 1_000_000, perHourL: 20 };

const marks = (state: 'open' | 'seen' = 'open', actor: Actor = office()) =>
  readAs(database.db, utilityId, (db) => listMarks(db, actor, { state, limit: 50, offset: 0 }));

async function rulesOf(): Promise<string[]> {
  return (await marks()).rows.map(({ rule }) => rule);
}

/** Days whose register stands still from the begin of one day to the end of another. */
function stuckDays(
  home: Household,
  days: { from: string; to: string },
  still: { from: string; to: string },
): ArrivingDay[] {
  const at =
    steadyDays(home, { from: still.from, to: still.from }, LINE)[0]!.indexL[0]! - LINE.perHourL;
  return steadyDays(home, days, LINE).map((each) =>
    each.day >= still.from && each.day <= still.to
      ? { ...each, indexL: each.indexL.map(() => at) }
      : each,
  );
}

const STILL = { from: '2026-09-25', to: '2026-10-12' };

describe('a register that stood still between days of flow', () => {
  it('is on the list and on the row of the closing, and no sum is another', async () => {
    const home = await household();
    await arrive(stuckDays(home, { from: '2026-08-01', to: '2026-10-31' }, STILL));
    expect((await marks()).rows).toMatchObject([
      {
        ...{ meterId: home.meterId, rule: 'stuck-register', litres: 18 * 480, seenName: null },
        ...{ fromOn: STILL.from, toOn: STILL.to, customerNumber: home.customerNumber },
        facts: { days: 18, longestDays: 0, dailyL: 480, usageL: null },
      },
    ]);
    const text = await draft({ from: '2026-10' });
    // 480 L a day from 20 September to 20 October, the step after the standstill in it.
    expect(text).toContain(',14400,15,');
    expect(text).toContain('stuck-register');
    expect(await draft({ from: '2026-08', to: '2026-09' })).not.toContain('stuck-register');
  });

  it('is found by days that arrive one by one, at the end of the week, and not before it flows again', async () => {
    const home = await household();
    const days = stuckDays(home, { from: '2026-08-01', to: '2026-10-25' }, STILL);
    await arrive(days.filter(({ day }) => day < '2026-10-13'));
    expect(await rulesOf()).toEqual([]);
    for (const day of days.filter((each) => each.day >= '2026-10-13')) {
      await arrive([day]);
      expect([day.day, await rulesOf()]).toEqual([
        day.day,
        day.day < '2026-10-18' ? [] : ['stuck-register'],
      ]);
    }
  });

  it('is no mark where the place is recorded as absent', async () => {
    const home = await household();
    await database.adminPool.query(
      `insert into place_circumstance (utility_id, supply_point_id, kind, from_on, reason, recorded_by)
       values ($1, $2, 'absence', '2026-09-20', '長期不在', 'system:test')`,
      [utilityId, home.supplyPointId],
    );
    await arrive(stuckDays(home, { from: '2026-08-01', to: '2026-10-31' }, STILL));
    expect(await rulesOf()).toEqual([]);
  });

  it('is no mark of a customer who moved in meanwhile', async () => {
    const home = await household();
    await database.adminPool.query(
      `update occupancy set from_on = '2026-09-30' where utility_id = $1 and supply_point_id = $2`,
      [utilityId, home.supplyPointId],
    );
    await arrive(stuckDays(home, { from: '2026-08-01', to: '2026-10-31' }, STILL));
    expect(await rulesOf()).toEqual([]);
  });
});

describe('a mark that a person looked at', () => {
  const see = (input: MarkSeenInput, actor: Actor = office()) =>
    transactAs(database.db, utilityId, (tx) => seeMark(tx, actor, input));

  it('leaves the list and the row, stays so while it is the same, and can be taken back', async () => {
    const home = await household();
    const days = stuckDays(home, { from: '2026-08-01', to: '2026-10-31' }, STILL);
    await arrive(days);
    const mark = { meterId: home.meterId, rule: 'stuck-register', fromOn: STILL.from } as const;
    await see({ ...mark, isSeen: true, note: '長期入院と確認' });
    expect(await rulesOf()).toEqual([]);
    expect(await draft({ from: '2026-10' })).not.toContain('stuck-register');
    await validateAll(database, utilityId, NOW);
    expect((await marks('seen')).rows).toMatchObject([
      { seenName: 'test', note: '長期入院と確認' },
    ]);
    await expect(see({ ...mark, isSeen: true })).rejects.toMatchObject({ code: 'conflict' });
    await see({ ...mark, isSeen: false });
    expect(await rulesOf()).toEqual(['stuck-register']);
    await see({ ...mark, isSeen: true });
    // Another day stood still too: that is to be seen.
    const [before] = stuckDays(
      home,
      { from: '2026-09-24', to: '2026-09-24' },
      { from: '2026-09-24', to: '2026-09-24' },
    );
    await arrive([
      before!,
      ...days
        .filter(({ day }) => day >= STILL.from && day <= STILL.to)
        .map((day) => ({ ...day, indexL: before!.indexL })),
    ]);
    expect((await marks()).rows).toMatchObject([{ fromOn: '2026-09-24', seenName: null }]);
    const { rows } = await database.adminPool.query(
      `select act from audit where utility_id = $1 and act like 'reading.mark%' order by audit_id`,
      [utilityId],
    );
    expect(rows.map(({ act }) => act)).toEqual([
      'reading.mark-seen',
      'reading.mark-reopened',
      'reading.mark-seen',
    ]);
  });

  it('is seen by nobody without the right, nor from another utility', async () => {
    const home = await household();
    await arrive(stuckDays(home, { from: '2026-08-01', to: '2026-10-31' }, STILL));
    const mark = {
      meterId: home.meterId,
      rule: 'stuck-register',
      fromOn: STILL.from,
      isSeen: true,
    } as const;
    const analyst = {
      kind: 'staff',
      utilityId,
      accountId: 1,
      role: 'analyst',
      sessionId: 'x',
    } as const;
    await expect(see(mark, analyst)).rejects.toMatchObject({ code: 'forbidden' });
    const other = await createUtility(database.adminPool);
    const stranger = { kind: 'system', utilityId: other, name: 'test' } as const;
    await expect(
      transactAs(database.db, other, (tx) => seeMark(tx, stranger, mark)),
    ).rejects.toMatchObject({ code: 'conflict' });
    const seen = await readAs(database.db, other, async (db) => [
      (await listMarks(db, stranger, { state: 'open', limit: 5, offset: 0 })).total,
      await countOpenMarks(db, stranger),
    ]);
    expect(seen).toEqual([0, 0]);
  });
});

it('weeks unlike the same season of two years before have a mark', async () => {
  const home = await household();
  await database.adminPool.query(
    `update meter_fitting set fitted_at = '2024-06-30T15:00+00' where utility_id = $1 and meter_id = $2`,
    [utilityId, home.meterId],
  );
  await database.adminPool.query(
    `update terminal_fitting set from_at = '2024-06-30T15:00+00' where utility_id = $1 and terminal_id = $2`,
    [utilityId, home.terminalId],
  );
  await database.adminPool.query(
    `update occupancy set from_on = '2024-07-01' where utility_id = $1 and supply_point_id = $2`,
    [utilityId, home.supplyPointId],
  );
  await arrive(steadyDays(home, { from: '2024-07-01', to: '2026-08-30' }, LINE));
  expect(await rulesOf()).toEqual([]);
  const fromL = steadyDays(home, { from: '2026-08-30', to: '2026-08-30' }, LINE)[0]!.indexL[23]!;
  const fast = { since: '2026-08-31', fromL, perHourL: 200 };
  await arrive(steadyDays(home, { from: '2026-08-31', to: '2026-09-06' }, fast));
  expect((await marks()).rows).toMatchObject([
    {
      ...{ rule: 'unlike-season', fromOn: '2026-08-31', toOn: '2026-09-06' },
      ...{ litres: 33_600 - 3360, facts: { usageL: 33_600, mostL: 3360 } },
    },
  ]);
});

describe('a register that comes for an hour that was entered by hand', () => {
  it('is on the list with both; taking the entry back uses what came, and ends the mark', async () => {
    const home = await household();
    const days = steadyDays(home, { from: '2026-09-01', to: '2026-10-31' }, LINE);
    await arrive(days.filter(({ day }) => day !== '2026-10-20'));
    const trueL = days.find(({ day }) => day === '2026-10-20')!.indexL[23]!;
    const entry = await transactAs(database.db, utilityId, (tx) =>
      editReading(tx, office(), {
        ...{ meterId: home.meterId, day: '2026-10-20', kind: 'entered', hourEnding: 24 },
        ...{
          indexL: trueL - 60,
          reason: 'read-on-site',
          note: '',
          acknowledgedClosings: [],
          now: NOW,
        },
      }),
    );
    await validateAll(database, utilityId, NOW);
    expect(await rulesOf()).toEqual([]);
    await arrive(days.filter(({ day }) => day === '2026-10-20'));
    expect((await marks()).rows).toMatchObject([
      {
        ...{ rule: 'received-later', fromOn: '2026-10-20', litres: 60 },
        facts: { hourEnding: 24, editId: entry.editId, enteredL: trueL - 60, receivedL: trueL },
      },
    ]);
    expect(await draft({ from: '2026-10' })).toContain('received-later');
    await transactAs(database.db, utilityId, (tx) =>
      takeBackEdit(tx, office(), { editId: entry.editId, acknowledgedClosings: [] }),
    );
    await validateAll(database, utilityId, NOW);
    expect(await rulesOf()).toEqual([]);
  });
});

it('a clock that was half an hour off puts the hours of the days around it in doubt', async () => {
  const home = await household();
  const days = steadyDays(home, { from: '2026-10-01', to: '2026-10-12' }, LINE);
  const seen = (offsetS: number, at: string) =>
    database.adminPool.query(
      'update terminal_state set clock_offset_s = $3, last_seen_at = $4 where utility_id = $1 and terminal_id = $2',
      [utilityId, home.terminalId, offsetS, at],
    );
  await seen(1799, '2026-10-06T01:00+09');
  await arrive(days.slice(0, 9));
  expect(await rulesOf()).toEqual([]);
  await seen(-3600, '2026-10-11T01:00+09');
  await seen(0, '2026-10-11T01:01+09');
  await arrive(days.slice(9));
  expect((await marks()).rows).toMatchObject([
    { rule: 'clock-doubt', fromOn: '2026-10-10', toOn: '2026-10-11', facts: { offsetS: -3600 } },
  ]);
});
