/** Edits of readings: what counts with them, who may make them, the second look, and undo. */
import { describe, expect, it } from 'vitest';
import { transactAs } from '../../db/client.ts';
import { validateNextChanges } from '../validation/validation-commands.ts';
import { setSecondLook, takeBackEdit } from './edit-commands.ts';
import { listMeterEdits } from './edit-queries.ts';
import {
  arrangeEdits,
  closings,
  database,
  edit,
  home,
  NOW,
  one,
  other,
  personWith,
  storeDays,
  trueIndexL,
  utilityId,
} from './testing-edits.ts';

arrangeEdits();

const NONE = { acknowledgedClosings: [] };

async function validate(): Promise<void> {
  await transactAs(database.db, utilityId, async (tx) => {
    while ((await validateNextChanges(tx, utilityId, NOW)) !== null);
  });
}

async function rowsOf(text: string) {
  const { rows } = await database.adminPool.query(text, [utilityId]);
  return rows;
}

const setLimit = (secondLookL: number) =>
  transactAs(database.db, utilityId, (tx) =>
    setSecondLook(tx, { kind: 'system', utilityId, name: 'operator' }, { secondLookL }),
  );

describe('an entered register', () => {
  it('of a day that was never received is read by the closing', async () => {
    await storeDays({}, ['2026-10-20']);
    const [before] = await closings('2026-10');
    expect(before).toMatchObject({ quality: 'substituted', lagHours: 24 });
    const made = await edit({
      ...{ day: '2026-10-20', kind: 'entered', hourEnding: 24 },
      indexL: trueIndexL('2026-10-20', 24),
    });
    expect(made).toMatchObject({ state: 'standing', movedL: 480 });
    await validate();
    const [after, next] = await closings('2026-10', '2026-11');
    expect(after).toMatchObject({
      ...{ quality: 'entered', lagHours: 0, indexL: trueIndexL('2026-10-20', 24) },
      ...{ usageL: 14_400, remarks: [] },
    });
    expect(next).toMatchObject({ quality: 'actual', usageL: 14_880, remarks: [] });
  });

  it('takes the place of a received one, which stays beside it', async () => {
    await storeDays({ '2026-10-20 24': 16_777_215 });
    const indexL = trueIndexL('2026-10-20', 24);
    await edit({ day: '2026-10-20', kind: 'entered', hourEnding: 24, indexL });
    await validate();
    expect((await closings('2026-10'))[0]).toMatchObject({ quality: 'entered', indexL });
    const [stored] = await rowsOf(
      `select index_l[24] as index from series.meter_day where utility_id = $1 and day = '2026-10-20'`,
    );
    expect(stored).toEqual({ index: 16_777_215 });
    expect(await rowsOf('select hours from reading_verdict where utility_id = $1')).toEqual([
      { hours: [] },
    ]);
  });

  it('stays when a report comes later', async () => {
    await storeDays({}, ['2026-10-20']);
    const indexL = trueIndexL('2026-10-20', 24) - 10;
    await edit({ day: '2026-10-20', kind: 'entered', hourEnding: 24, indexL });
    await database.adminPool.query(
      `insert into series.meter_day (utility_id, meter_id, day, index_l, pressure_pa, closing_index_l, closing_hour, terminal_id,
                                     counter, frame_check, received_at, arrival)
       select utility_id, meter_id, '2026-10-20', array(select x + 480 from unnest(index_l) x), pressure_pa, closing_index_l + 480, 24,
         terminal_id, 999, 0, now(), 2 from series.meter_day where utility_id = $1 and day = '2026-10-19'`,
      [utilityId],
    );
    await validate();
    expect((await closings('2026-10'))[0]).toMatchObject({ quality: 'entered', indexL });
  });

  it('is refused beyond the dial, in the future, and where the meter was not fitted', async () => {
    await storeDays();
    const at = { kind: 'entered', hourEnding: 24 } as const;
    await expect(edit({ ...at, day: '2026-10-20', indexL: 100_000_000 })).rejects.toMatchObject({
      code: 'invalid_input',
      details: { faults: [{ field: 'indexL', reason: 'beyond-dial' }] },
    });
    await expect(edit({ ...at, day: '2026-12-31', indexL: 1 })).rejects.toMatchObject({
      details: { faults: [{ reason: 'to-come' }] },
    });
    await expect(edit({ ...at, day: '2001-01-01', indexL: 1 })).rejects.toMatchObject({
      details: { faults: [{ reason: 'not-fitted' }] },
    });
  });
});

describe('a struck register', () => {
  it('is no reading: the one before it is read, and the row says so', async () => {
    await storeDays();
    const made = await edit({ day: '2026-10-20', kind: 'struck', hourEnding: 24 });
    expect(made).toMatchObject({ state: 'standing', movedL: 20 });
    await validate();
    expect(await closings('2026-10', '2026-11')).toMatchObject([
      { quality: 'substituted', lagHours: 1, usageL: 14_380, remarks: ['reading-struck'] },
      { quality: 'actual', usageL: 14_900, remarks: [] },
    ]);
  });

  it('of a whole day leaves no register of it', async () => {
    await storeDays();
    const made = await edit({ day: '2026-10-20', kind: 'struck', hourEnding: null });
    expect(made.movedL).toBe(480);
    await validate();
    expect((await closings('2026-10'))[0]).toMatchObject({
      ...{ quality: 'substituted', lagHours: 24, remarks: ['reading-struck'] },
    });
  });

  it('that is in doubt moves nothing, and needs no second person', async () => {
    await storeDays({ '2026-10-20 24': 99_999_999 });
    const made = await edit({ day: '2026-10-20', kind: 'struck', hourEnding: 24 });
    expect(made).toMatchObject({ state: 'standing', movedL: 0 });
  });

  it('does not hold for a value that comes in its place', async () => {
    await storeDays({ '2026-10-20 24': 1_030_000 });
    await edit({ day: '2026-10-20', kind: 'struck', hourEnding: 24, indexL: 1_030_000 });
    await database.adminPool.query(
      `update series.meter_day set index_l[24] = $2, closing_index_l = $2 where utility_id = $1 and day = '2026-10-20'`,
      [utilityId, trueIndexL('2026-10-20', 24)],
    );
    await validate();
    expect((await closings('2026-10'))[0]).toMatchObject({ quality: 'actual', usageL: 14_400 });
  });

  it('is refused where another register is stored than the person saw', async () => {
    await storeDays();
    await expect(
      edit({ day: '2026-10-20', kind: 'struck', hourEnding: 24, indexL: 5 }),
    ).rejects.toMatchObject({
      code: 'conflict',
      details: { fields: [{ field: 'indexL', reason: 'other-register' }] },
    });
  });
});

describe('a confirmed register', () => {
  it('counts although a rule doubts it, and those after it are judged by it', async () => {
    // 40 m³ in an hour of a meter that lets 7.2 through, and the later ones go on from there: a pipe was flushed.
    const jump = Object.fromEntries(
      Array.from({ length: 5 }, (_, at) => [
        `2026-10-20 ${20 + at}`,
        trueIndexL('2026-10-20', 20 + at) + 40_000,
      ]),
    );
    await storeDays(jump);
    await setLimit(1_000_000);
    expect((await closings('2026-10'))[0]).toMatchObject({ remarks: ['reading-doubtful'] });
    const made = await edit({ day: '2026-10-20', kind: 'confirmed', hourEnding: null });
    expect(made.movedL).toBe(40_100);
    await validate();
    expect((await closings('2026-10'))[0]).toMatchObject({
      indexL: trueIndexL('2026-10-20', 24) + 40_000,
      // The hours before come in doubt instead, over which so much may have passed.
      ...{ quality: 'actual', usageL: 54_400, remarks: [] },
    });
  });

  it('is refused where nothing is in doubt', async () => {
    await storeDays();
    await expect(
      edit({ day: '2026-10-20', kind: 'confirmed', hourEnding: null }),
    ).rejects.toMatchObject({ details: { faults: [{ reason: 'not-in-doubt' }] } });
  });
});

describe('an edit', () => {
  it('supersedes the one of the same hour, and taken back it leaves what was received', async () => {
    await storeDays({ '2026-10-20 24': 16_777_215 });
    const indexL = trueIndexL('2026-10-20', 24);
    const at = { day: '2026-10-20', kind: 'entered', hourEnding: 24 } as const;
    const wrong = await edit({ ...at, indexL: indexL - 200 });
    const right = await edit({ ...at, indexL, reason: 'wrong-entry' });
    const listed = () => one.work.read((db) => listMeterEdits(db, one.actor, home));
    expect(await listed()).toMatchObject([
      { editId: right.editId, state: 'standing', hours: [{ receivedL: 16_777_215, indexL }] },
      { editId: wrong.editId, state: 'superseded', supersededBy: right.editId },
    ]);
    await other.work.transact((tx) =>
      takeBackEdit(tx, other.actor, { ...NONE, editId: right.editId }),
    );
    await validate();
    expect(await listed()).toMatchObject([{ state: 'taken-back' }, { state: 'superseded' }]);
    expect(await rowsOf('select 1 from edited_day where utility_id = $1')).toEqual([]);
    expect((await closings('2026-10'))[0]).toMatchObject({ remarks: ['reading-doubtful'] });
  });

  it('keeps the other hours of a day when one of them is edited again', async () => {
    await storeDays();
    const day = '2026-10-20';
    const whole = await edit({ day, kind: 'struck', hourEnding: null });
    const hour = await edit({ day, kind: 'entered', hourEnding: 24, indexL: trueIndexL(day, 24) });
    const states = await rowsOf(
      'select edit_id, state from reading_edit where utility_id = $1 order by 1',
    );
    expect(states.map(({ state }) => state)).toEqual(['standing', 'standing']);
    await one.work.transact((tx) => takeBackEdit(tx, one.actor, { ...NONE, editId: whole.editId }));
    const [left] = await rowsOf('select hours, edit_ids from edited_day where utility_id = $1');
    expect(left).toEqual({ hours: [24], edit_ids: [hour.editId] });
  });

  it('stands in the audit without its note, and in the feed with meter and day', async () => {
    await storeDays();
    const { editId } = await edit({
      ...{ day: '2026-10-20', kind: 'struck', hourEnding: 24, note: '現地で確認' },
    });
    await one.work.transact((tx) => takeBackEdit(tx, one.actor, { ...NONE, editId }));
    const acts = await rowsOf(
      `select actor, act, subject, detail::text as detail from audit where utility_id = $1 and act like 'reading.%' order by audit_id`,
    );
    const by = `staff:${one.actor.accountId}`;
    const subject = `meter:${home.meterId}`;
    expect(acts).toMatchObject([
      { actor: by, act: 'reading.edited', subject },
      { actor: by, act: 'reading.edit-taken-back', subject },
    ]);
    expect(acts.map(({ detail }) => detail).join()).not.toContain('現地');
    expect(
      await rowsOf(
        `select meter_ids, days::text[] as days from day_change where utility_id = $1 and what = 'edited'`,
      ),
    ).toEqual([
      { meter_ids: [home.meterId], days: ['2026-10-20'] },
      { meter_ids: [home.meterId], days: ['2026-10-20'] },
    ]);
  });

  it('is refused to an analyst', async () => {
    await storeDays();
    const analyst = await personWith('analyst');
    await expect(
      edit({ day: '2026-10-20', kind: 'struck', hourEnding: 24 }, analyst),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('never changes and is never removed, and goes from no state back to another', async () => {
    await storeDays();
    await edit({ day: '2026-10-20', kind: 'struck', hourEnding: 24 });
    for (const change of [
      `update reading_edit set index_l = '{1}' where utility_id = $1`,
      `update reading_edit set state = 'proposed' where utility_id = $1`,
      'delete from reading_edit where utility_id = $1',
    ]) {
      await expect(database.adminPool.query(change, [utilityId])).rejects.toMatchObject({
        code: '23000',
      });
    }
  });
});
