/** Changes of meters and terminals by a person in a session: the preview equals the result, and an undo leaves no trace. */
import { describe, expect, test } from 'vitest';
import { fitHousehold } from '../../db/testing/fixtures.ts';
import type { RegisterChangeGiven } from './register-change-wire.ts';
import { allRows, audit, closingFile, database, home, utilityId } from './testing-exchange.ts';
import {
  arrangeFittings,
  at,
  corrected,
  indexAt,
  judgeFeed,
  monthsNow,
  PER_HOUR,
  readRollingOver,
  removed,
  spare,
  typed,
} from './testing-fitting-change.ts';
import {
  change,
  changes,
  closingsNow,
  previewChange,
  SINCE,
  undoChange,
} from './testing-register-change.ts';

arrangeFittings();

/** What was typed, and the change. */
const CHANGES: [string, string, () => RegisterChangeGiven][] = [
  ['a dial that was typed too large', 'dial_l = 100000000', () => corrected()],
  ['a size that was typed too small', 'dial_l = 10000000, size = 0.2', () => corrected()],
  ['a size that becomes too small', 'dial_l = 10000000', () => corrected({ sizeM3PerHour: 0.2 })],
  [
    'a removal on a past day',
    'dial_l = 10000000',
    () => removed('2024-03-10T10:30:00', { finalIndexL: indexAt(at('2024-03-10T10:30:00')) + 100 }),
  ],
  ['a removal at midnight', 'dial_l = 10000000', () => removed('2024-03-21T00:00:00')],
  [
    'a removal without its register',
    'dial_l = 10000000',
    () => removed('2024-03-10T10:30:00', { finalIndexL: undefined }),
  ],
  [
    'an exchange of the terminal',
    'dial_l = 10000000',
    () => ({
      ...{ kind: 'terminal-exchanged', number: spare.terminalNumber },
      exchangedAt: at('2024-03-24T10:00:00'),
    }),
  ],
];

describe.each(CHANGES)('%s', (_what, columns, body) => {
  test('changes closings and months exactly as its preview says', async () => {
    await typed(columns);
    await readRollingOver();
    const before = { closings: await closingsNow(), months: await monthsNow() };
    const seen = await previewChange(body());
    expect(await closingsNow()).toEqual(before.closings);
    await change(body());
    await judgeFeed();
    const after = { closings: await closingsNow(), months: await monthsNow() };
    for (const row of seen.closings.filter(({ closesOn }) => closesOn >= SINCE)) {
      const key = `${row.closesOn} ${row.customerNumber}`;
      expect([key, before.closings[key] ?? null]).toEqual([key, row.before]);
      expect([key, after.closings[key] ?? null]).toEqual([key, row.after]);
    }
    const isOther = (all: { [key: string]: unknown }, now: { [key: string]: unknown }) =>
      Object.keys({ ...all, ...now })
        .filter((key) => JSON.stringify(all[key]) !== JSON.stringify(now[key]))
        .sort();
    expect(isOther(before.closings, after.closings)).toEqual(
      seen.closings.map((row) => `${row.closesOn} ${row.customerNumber}`).sort(),
    );
    expect(seen.months.map(({ month }) => month)).toEqual(isOther(before.months, after.months));
    for (const { month, before: was, after: is } of seen.months) {
      expect([month, before.months[month], after.months[month]]).toEqual([month, was, is]);
    }
  });

  test('is undone without a trace except in the records', async () => {
    await typed(columns);
    await readRollingOver();
    const before = { rows: await allRows(), closings: await closingsNow() };
    const { changeId } = await change(body());
    expect(await allRows()).not.toEqual(before.rows);
    expect((await changes())[0]).toMatchObject({ changeId, undone: null, resting: [] });
    await undoChange(changeId);
    await judgeFeed();
    expect(await allRows()).toEqual(before.rows);
    expect(await closingsNow()).toEqual(before.closings);
    expect((await audit()).map(([act]) => act)).toEqual([
      `register.${body().kind}`,
      'register.change-undone',
    ]);
    await expect(undoChange(changeId)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('names the closings of which a file was made, and rests under files that are made later', async () => {
    await typed(columns);
    await readRollingOver();
    await closingFile('2024-03-20');
    const filed = (await previewChange(body())).filed.map(({ closesOn }) => closesOn);
    if (filed.length > 0) {
      await expect(change(body())).rejects.toMatchObject({
        details: { fields: [{ field: 'acknowledgedClosings', reason: 'closing-filed' }] },
      });
    }
    const named = { ...body(), acknowledgedClosings: filed } as RegisterChangeGiven;
    await change({ ...named });
    const [made] = await changes();
    expect(made).toMatchObject({ resting: [] });
    await closingFile('2024-03-20');
    const isConcerned = filed.includes('2024-03-20');
    const undone = undoChange(made!.changeId);
    if (!isConcerned) await expect(undone).resolves.toBeDefined();
    else await expect(undone).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('size and dial', () => {
  test('say what they change: doubts, the usage of months and of closings', async () => {
    await typed('dial_l = 100000000');
    await readRollingOver();
    const seen = await previewChange(corrected());
    expect(seen.doubts).toMatchObject({
      before: { steps: 1 },
      after: { steps: 0, registers: 0 },
    });
    expect(seen.months).toMatchObject([
      { month: '2024-03', before: { usageL: null }, after: { usageL: 31 * 24 * PER_HOUR } },
    ]);
    expect(seen.closings).toMatchObject([
      {
        closesOn: '2024-03-20',
        before: { usageL: null, remarks: expect.arrayContaining(['index-fell']) },
        after: { usageL: 29 * 24 * PER_HOUR, quality: 'actual' },
      },
    ]);
  });

  test('leave closings unvalidated until the readings are judged again', async () => {
    await typed('dial_l = 100000000');
    await readRollingOver();
    const key = `2024-03-20 ${home.customerNumber}`;
    await change(corrected());
    expect((await closingsNow())[key]).toMatchObject({
      remarks: expect.arrayContaining(['unvalidated']),
    });
    await judgeFeed();
    expect((await closingsNow())[key]).toMatchObject({ usageL: 29 * 24 * PER_HOUR });
  });

  test('are not such as stored registers contradict', async () => {
    await readRollingOver();
    const highest = await database.adminPool.query<{ highest: number }>(
      `select max(i)::integer as highest from series.meter_day d cross join lateral unnest(d.index_l) i where d.meter_id = $1`,
      [home.meterId],
    );
    const dialL = highest.rows[0]!.highest;
    await expect(previewChange(corrected({ dialL }))).rejects.toMatchObject({
      details: { fields: [{ field: 'dialL', reason: 'beyond-readings' }] },
    });
    await previewChange(corrected({ dialL: dialL + 1 }));
    await expect(previewChange(corrected({ dialL: 100_000_000 }))).rejects.toMatchObject({
      details: { fields: [{ reason: 'no-change' }] },
    });
  });

  test('count what was received beyond the former dial', async () => {
    await typed('dial_l = 1000000');
    await database.adminPool.query(
      `insert into reading_fault (utility_id, meter_id, day, hour_ending, index_l, terminal_id, received_at)
       values ($1, $2, '2024-03-01', 5, 2000000, $3, '2024-03-02T00:00:00Z'), ($1, $2, '2024-03-01', 5, 2000001, $3, '2024-03-02T00:00:00Z'),
              ($1, $2, '2024-03-01', 6, 20000000, $3, '2024-03-02T00:00:00Z')`,
      [utilityId, home.meterId, home.terminalId],
    );
    expect((await previewChange(corrected())).warnings).toMatchObject([
      { code: 'readings-beyond-dial', count: 1 },
    ]);
  });

  test('stay once a register is stored that the former dial cannot show, or they were corrected again', async () => {
    await typed('dial_l = 1000000');
    const { changeId } = await change(corrected());
    const again = await change(corrected({ sizeM3PerHour: 4 }));
    await expect(undoChange(changeId)).rejects.toMatchObject({
      message: expect.stringContaining('change meter-corrected'),
    });
    await undoChange(again.changeId);
    expect((await changes())[1]).toMatchObject({ changeId, resting: [] });
    await readRollingOver();
    await expect(undoChange(changeId)).rejects.toMatchObject({
      message: expect.stringContaining('reading '),
    });
  });

  test('are those of every place at which the meter was: its closings are named too', async () => {
    await readRollingOver();
    const other = await fitHousehold(database.adminPool, utilityId, { closingDay: 10 });
    await database.adminPool.query('delete from meter_fitting where meter_id = $1', [
      other.meterId,
    ]);
    await database.adminPool.query(
      `update meter_fitting set removed_at = '2024-03-01T00:00:00+09:00' where meter_id = $1`,
      [home.meterId],
    );
    await database.adminPool.query(
      `insert into meter_fitting (utility_id, meter_id, supply_point_id, fitted_at) values ($1, $2, $3, '2024-03-02T00:00:00+09:00')`,
      [utilityId, home.meterId, other.supplyPointId],
    );
    await closingFile('2024-03-10', {}, 10);
    const body = corrected({ dialL: 99_999_999 });
    expect((await previewChange(body)).filed).toMatchObject([{ closesOn: '2024-03-10' }]);
    const { changeId } = await change({
      ...body,
      acknowledgedClosings: ['2024-03-10'],
    } as RegisterChangeGiven);
    await closingFile('2024-03-10', {}, 10);
    await expect(undoChange(changeId)).rejects.toMatchObject({
      message: expect.stringContaining('closing-file 2024-03-10'),
    });
  });
});
