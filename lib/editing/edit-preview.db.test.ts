/** Previews of edits: what they say before an edit is what is there after it; issued closings are named and remembered. */
import { describe, expect, it } from 'vitest';
import { exportWorkOf } from '../../bin/export-work.ts';
import { readAs, transactAs } from '../../db/client.ts';
import { exportClosing } from '../closing/closing-commands.ts';
import { closingCalendar } from '../closing/closing-day.ts';
import { getMeterReadings } from '../meters/meter-reading-queries.ts';
import { validateNextChanges } from '../validation/validation-commands.ts';
import { takeBackEdit } from './edit-commands.ts';
import { previewDecision, previewEdit } from './edit-preview-queries.ts';
import {
  arrangeEdits,
  closings,
  database,
  edit,
  type Given,
  home,
  NOW,
  one,
  storeDays,
  trueIndexL,
  utilityId,
} from './testing-edits.ts';

arrangeEdits();

const OCTOBER = '2026-10-20';

function preview(given: Given) {
  const { reason: _reason, note: _note, acknowledgedClosings: _closings, ...subject } = given;
  return one.work.read((db) =>
    previewEdit(db, one.actor, { meterId: home.meterId, now: NOW, ...subject }),
  );
}

async function validate(): Promise<void> {
  await transactAs(database.db, utilityId, async (tx) => {
    while ((await validateNextChanges(tx, utilityId, NOW)) !== null);
  });
}

function usageByDay() {
  const actor = { kind: 'system', utilityId, name: 'test' } as const;
  const period = { from: '2026-10-01', to: '2026-11-15', step: 'day', now: NOW } as const;
  return readAs(database.db, utilityId, async (db) => {
    const { days } = await getMeterReadings(db, actor, { meterId: home.meterId, ...period });
    return new Map(days.map(({ day, usageL }) => [day, usageL]));
  });
}

/** Issues the closing of October as the office's file. */
async function issueOctober() {
  const calendar = closingCalendar(
    { closingDay: 20, fromMonth: '2026-10', toMonth: '2026-10' },
    NOW,
  );
  const selection = { closingDay: 20, closings: calendar.closings, now: NOW };
  return exportClosing(
    exportWorkOf(database.db, utilityId),
    { kind: 'system', utilityId, name: 'test' },
    { selection, kind: { format: 'machine' }, now: NOW },
    async () => undefined,
  );
}

const JUMP = Object.fromEntries(
  Array.from({ length: 5 }, (_, at) => [
    `${OCTOBER} ${20 + at}`,
    trueIndexL(OCTOBER, 20 + at) + 40_000,
  ]),
);
const CASES: [string, Record<string, number | null>, string[], Given][] = [
  [
    'an entry of a day that never came',
    {},
    [OCTOBER],
    { day: OCTOBER, kind: 'entered', hourEnding: 24, indexL: trueIndexL(OCTOBER, 24) - 30 },
  ],
  [
    'an entry in place of a code',
    { [`${OCTOBER} 24`]: 16_777_215 },
    [],
    { day: OCTOBER, kind: 'entered', hourEnding: 24, indexL: trueIndexL(OCTOBER, 24) },
  ],
  [
    'an entry that contradicts what comes after it',
    {},
    [],
    { day: '2026-10-15', kind: 'entered', hourEnding: 12, indexL: 1_030_000 },
  ],
  ['a strike of an hour', {}, [], { day: OCTOBER, kind: 'struck', hourEnding: 24 }],
  ['a strike of a day', {}, [], { day: OCTOBER, kind: 'struck', hourEnding: null }],
  ['a confirmation', JUMP, [], { day: OCTOBER, kind: 'confirmed', hourEnding: 24 }],
];

describe('the preview of an edit', () => {
  it.each(CASES)('says what is there after it: %s', async (_, spoiled, missing, given) => {
    await storeDays(spoiled, missing);
    await database.adminPool.query('update utility set second_look_l = 1000000');
    const daysBefore = await usageByDay();
    const rowsBefore = await closings('2026-10', '2026-11');
    const told = await preview(given);
    const made = await edit(given);
    expect(told).toMatchObject({ movedL: made.movedL, needsSecond: false });
    await validate();
    const daysAfter = await usageByDay();
    for (const { day, before, after } of told.days) {
      expect([day, before.usageL]).toEqual([day, daysBefore.get(day) ?? null]);
      expect([day, after.usageL]).toEqual([day, daysAfter.get(day) ?? null]);
    }
    const listed = new Set(told.days.map(({ day }) => day));
    for (const [day, usageL] of daysAfter) {
      if (!listed.has(day)) expect([day, usageL]).toEqual([day, daysBefore.get(day)]);
    }
    const rowsAfter = await closings('2026-10', '2026-11');
    rowsAfter.forEach((row, at) => {
      const change = told.closings.find(({ closesOn }) => closesOn === row.closesOn);
      expect(row).toMatchObject(change?.after ?? { usageL: rowsBefore[at]?.usageL });
      expect(rowsBefore[at]).toMatchObject(change?.before ?? { usageL: row.usageL });
    });
    expect(told.closings.length).toBeGreaterThan(0);
  });

  it('warns of an entered register that is impossible beside its neighbours', async () => {
    await storeDays();
    const at = { day: OCTOBER, kind: 'entered', hourEnding: 12 } as const;
    const low = await preview({ ...at, indexL: 900_000 });
    expect(low.warnings).toEqual(
      expect.arrayContaining(['below-before', 'too-much-after', 'received-differs']),
    );
    const high = await preview({ ...at, indexL: 1_200_000 });
    expect(high.warnings).toEqual(
      expect.arrayContaining(['above-after', 'too-much-before', 'received-differs']),
    );
    const right = await preview({ ...at, indexL: trueIndexL(OCTOBER, 12) + 5 });
    expect(right.warnings).toEqual(['received-differs']);
  });

  it('names the registers that come in doubt by it', async () => {
    await storeDays({}, ['2026-11-30']);
    const told = await preview({
      ...{ day: '2026-11-30', kind: 'entered', hourEnding: 1 },
      indexL: trueIndexL('2026-11-29', 20),
    });
    expect(told.doubted.map(({ hourEnding }) => hourEnding)).toEqual([21, 22, 23, 24]);
    expect(told.warnings).toContain('neighbours-doubtful');
  });

  it('of taking an edit back says what returns', async () => {
    await storeDays({ [`${OCTOBER} 24`]: 16_777_215 });
    const indexL = trueIndexL(OCTOBER, 24);
    const { editId } = await edit({ day: OCTOBER, kind: 'entered', hourEnding: 24, indexL });
    await validate();
    const told = await one.work.read((db) => previewDecision(db, one.actor, { editId, now: NOW }));
    expect(told).toMatchObject({
      hours: [{ hourEnding: 24, receivedL: 16_777_215, beforeL: indexL, afterL: null }],
      closings: [
        {
          closesOn: OCTOBER,
          before: { quality: 'entered' },
          after: { quality: 'substituted', remarks: ['reading-doubtful'] },
        },
        { closesOn: '2026-11-20' },
      ],
    });
  });
});

describe('an issued closing', () => {
  it('is named by the edit that concerns it, and the next one carries the difference', async () => {
    await storeDays({}, [OCTOBER]);
    await issueOctober();
    const given: Given = {
      ...{ day: OCTOBER, kind: 'entered', hourEnding: 24, indexL: trueIndexL(OCTOBER, 24) },
    };
    expect((await preview(given)).issued).toEqual([OCTOBER]);
    await expect(edit(given)).rejects.toMatchObject({
      code: 'conflict',
      details: { fields: [{ field: 'acknowledgedClosings', reason: 'closing-issued' }] },
    });
    const unlike = { ...given, acknowledgedClosings: [OCTOBER, '2026-11-20'] };
    await expect(edit(unlike)).rejects.toMatchObject({ code: 'invalid_input' });
    const { editId } = await edit({ ...given, acknowledgedClosings: [OCTOBER] });
    await validate();
    const [next] = await closings('2026-11');
    expect(next).toMatchObject({
      // From what was issued, 480 L before.
      ...{ usageL: 15_360, previousDifferenceL: 480, remarks: ['previous-changed'] },
    });
    const back = (acknowledgedClosings: string[]) =>
      one.work.transact((tx) => takeBackEdit(tx, one.actor, { editId, acknowledgedClosings }));
    await expect(back([])).rejects.toMatchObject({ code: 'conflict' });
    await back([OCTOBER]);
  });

  it('is not concerned by an edit of another period', async () => {
    await storeDays();
    await issueOctober();
    expect((await preview({ day: '2026-10-21', kind: 'struck', hourEnding: 12 })).issued).toEqual(
      [],
    );
    expect((await preview({ day: '2026-09-20', kind: 'struck', hourEnding: 24 })).issued).toEqual([
      OCTOBER,
    ]);
  });
});
