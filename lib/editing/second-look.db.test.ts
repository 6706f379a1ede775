/** The second look: an edit that moves much is another person’s too, and no row of small edits comes to as much without one. */
import { describe, expect, it } from 'vitest';
import { transactAs } from '../../db/client.ts';
import { validateNextChanges } from '../validation/validation-commands.ts';
import { secondEdit, setSecondLook } from './edit-commands.ts';
import { listEdits, listMeterEdits } from './edit-queries.ts';
import {
  arrangeEdits,
  closings,
  database,
  edit,
  type Given,
  home,
  NOW,
  one,
  other,
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

describe('the second look', () => {
  const LARGE = { day: '2026-10-20', kind: 'entered', hourEnding: 24, indexL: 1_100_000 } as const;

  it('of an edit that moves much is another person’s, and it counts for nothing until then', async () => {
    await storeDays({}, ['2026-10-20']);
    const made = await edit(LARGE);
    expect(made).toMatchObject({ state: 'proposed', movedL: 76_480 });
    expect((await closings('2026-10'))[0]).toMatchObject({ quality: 'substituted' });
    expect(
      await rowsOf(`select 1 from day_change where utility_id = $1 and what = 'edited'`),
    ).toEqual([]);
    const decision = { ...NONE, editId: made.editId, agreed: true };
    await expect(
      one.work.transact((tx) => secondEdit(tx, one.actor, decision)),
    ).rejects.toMatchObject({ code: 'conflict' });
    const decided = await other.work.transact((tx) => secondEdit(tx, other.actor, decision));
    expect(decided).toEqual({ state: 'standing' });
    expect((await closings('2026-10'))[0]).toMatchObject({ quality: 'entered', indexL: 1_100_000 });
    await expect(
      other.work.transact((tx) => secondEdit(tx, other.actor, decision)),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  it('can refuse it', async () => {
    await storeDays({}, ['2026-10-20']);
    const { editId } = await edit(LARGE);
    await other.work.transact((tx) =>
      secondEdit(tx, other.actor, { ...NONE, editId, agreed: false }),
    );
    const [listed] = await one.work.read((db) => listMeterEdits(db, one.actor, home));
    expect(listed).toMatchObject({ editId, state: 'refused', isOwn: true });
    expect((await closings('2026-10'))[0]).toMatchObject({ quality: 'substituted' });
    const { total } = await one.work.read((db) =>
      listEdits(db, one.actor, { state: 'proposed', limit: 10, offset: 0 }),
    );
    expect(total).toBe(0);
  });

  it('is not passed by without one by entering the same hour in small steps', async () => {
    await storeDays({}, ['2026-10-20']);
    const indexL = trueIndexL('2026-10-20', 24);
    const first = await edit({ ...LARGE, indexL: indexL + 9_000 });
    const second = await edit({ ...LARGE, indexL: indexL + 18_000 });
    expect([first.state, second.state]).toEqual(['standing', 'proposed']);
  });

  const LADDERS: [string, string[], Given[]][] = [
    [
      'by entries of one hour after another',
      ['2026-10-20'],
      [9, 18].map((step) => ({
        ...{ day: '2026-10-20', kind: 'entered' as const, hourEnding: step === 9 ? 12 : 24 },
        indexL: trueIndexL('2026-10-19', 24) + step * 1_000,
      })),
    ],
    [
      'by entries of one day after another',
      ['2026-10-18', '2026-10-19', '2026-10-20'],
      [18, 20].map((day) => ({
        ...{ day: `2026-10-${day}`, kind: 'entered' as const, hourEnding: 24 },
        indexL: trueIndexL('2026-10-17', 24) + (day === 18 ? 9_000 : 18_000),
      })),
    ],
    [
      'by an entry in place of registers that are struck first',
      [],
      [
        { day: '2026-10-20', kind: 'struck', hourEnding: null },
        {
          ...{ day: '2026-10-20', kind: 'entered', hourEnding: 12 },
          indexL: trueIndexL('2026-10-20', 12) + 9_000,
        },
        {
          ...{ day: '2026-10-20', kind: 'entered', hourEnding: 24 },
          indexL: trueIndexL('2026-10-20', 24) + 18_000,
        },
      ],
    ],
    [
      'by an entry before registers that are struck',
      [],
      [
        { day: '2026-10-20', kind: 'struck', hourEnding: null },
        {
          ...{ day: '2026-10-19', kind: 'entered', hourEnding: 24 },
          indexL: trueIndexL('2026-10-19', 24) - 9_900,
        },
      ],
    ],
  ];

  it.each(LADDERS)('is not passed by without one %s', async (_how, missing, steps) => {
    await storeDays({}, missing);
    const states: string[] = [];
    for (const step of steps) {
      states.push((await edit(step)).state);
      await validate();
    }
    expect(states).toEqual([...steps.slice(1).map(() => 'standing'), 'proposed']);
  });

  it('is not passed by without one by striking day after day', async () => {
    await storeDays();
    await setLimit(1_000);
    const moved: unknown[] = [];
    for (const day of ['2026-10-20', '2026-10-19', '2026-10-18']) {
      const { state, movedL } = await edit({ day, kind: 'struck', hourEnding: null });
      await validate();
      moved.push([state, movedL]);
    }
    expect(moved).toEqual([
      ['standing', 480],
      ['standing', 960],
      ['proposed', 1_440],
    ]);
  });

  it('is not passed by without one by entries that begin at a confirmed register', async () => {
    const jumpL = trueIndexL('2026-10-20', 24) + 9_000;
    await storeDays({ '2026-10-20 24': jumpL });
    const day = '2026-10-20';
    const confirmed = await edit({ day, kind: 'confirmed', hourEnding: 24 });
    expect(confirmed).toMatchObject({ state: 'standing', movedL: 9_020 });
    await validate();
    const climbed = await edit({ day, kind: 'entered', hourEnding: 24, indexL: jumpL + 9_000 });
    expect(climbed).toMatchObject({ state: 'proposed', movedL: 18_040 });
  });

  it('begins anew at what a second person agreed to', async () => {
    await storeDays({}, ['2026-10-20']);
    const { editId } = await edit(LARGE);
    const decision = { ...NONE, editId, agreed: true };
    await other.work.transact((tx) => secondEdit(tx, other.actor, decision));
    const more = await edit({ ...LARGE, indexL: LARGE.indexL + 500, hourEnding: 24 });
    expect(more).toMatchObject({ state: 'standing', movedL: 500 });
  });

  it('is not needed to enter what a struck register in doubt should have been', async () => {
    await storeDays({ '2026-10-20 24': 16_777_215 });
    const day = '2026-10-20';
    await edit({ day, kind: 'struck', hourEnding: 24 });
    await validate();
    const made = await edit({ day, kind: 'entered', hourEnding: 24, indexL: trueIndexL(day, 24) });
    expect(made).toMatchObject({ state: 'standing', movedL: 20 });
  });
});
