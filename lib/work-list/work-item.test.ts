import { describe, expect, it } from 'vitest';
import { isInDoubt, type JudgedRecord, shownDay, soundAround, usageAround } from './work-item.ts';

const NO_VERDICT = { edits: null, hours: [], judgedL: [], rules: [], stepHours: [], stepRules: [] };

/** A day with 20 L an hour from `firstL`. */
function record(day: string, firstL: number, change: Partial<JudgedRecord> = {}): JudgedRecord {
  return {
    ...{ day, receivedAt: new Date('2026-11-01T00:00:00Z'), ...NO_VERDICT },
    indexL: Array.from({ length: 24 }, (_, at) => firstL + 20 * (at + 1)),
    ...change,
  };
}

const ITEM = { fromOn: '2026-10-10', toOn: '2026-10-10' };
const meter = { sizeM3PerHour: 6, dialL: 100_000_000 };

function spoiled(hourEnding: number, as: number): JudgedRecord {
  const { indexL, ...day } = record('2026-10-10', 10_480);
  return {
    ...day,
    indexL: indexL.map((index, at) => (at + 1 === hourEnding ? as : index)),
    ...{ hours: [hourEnding], judgedL: [as], rules: ['jumped'] },
  };
}

describe('a day of an item', () => {
  it('has the rule at the hour in doubt, with the value that came', () => {
    const { hours } = shownDay('2026-10-10', spoiled(13, 99_999_999));
    expect(hours[12]).toEqual({
      ...{ hourEnding: 13, indexL: 99_999_999, rule: 'jumped', stepRule: null, edit: null },
    });
    expect(hours.filter(({ rule }) => rule !== null)).toHaveLength(1);
  });

  it('is in doubt no longer once another value is stored', () => {
    const judged = spoiled(13, 99_999_999);
    expect(isInDoubt(shownDay(judged.day, judged))).toBe(true);
    const replaced = { ...judged, indexL: record(judged.day, 10_480).indexL };
    expect(isInDoubt(shownDay(judged.day, replaced))).toBe(false);
  });

  it('is in doubt no longer once a person decided, whatever the verdict', () => {
    const judged = spoiled(13, 99_999_999);
    const decide = (kind: 'struck' | 'entered' | 'confirmed', indexL: number) =>
      shownDay(judged.day, { ...judged, edits: { hours: [13], kinds: [kind], indexL: [indexL] } });
    for (const kind of ['struck', 'confirmed'] as const) {
      expect(isInDoubt(decide(kind, 99_999_999))).toBe(false);
      expect(isInDoubt(decide(kind, 1))).toBe(true);
    }
    expect(decide('entered', 10_740).hours[12]).toMatchObject({ indexL: 10_740, edit: 'entered' });
  });

  it('without a report has no register', () => {
    const day = shownDay('2026-10-11', undefined);
    expect(day.receivedAt).toBeNull();
    expect(day.hours.every(({ indexL }) => indexL === null)).toBe(true);
  });
});

describe('the sound registers around an item', () => {
  const around = (records: JudgedRecord[]) =>
    soundAround(
      records.map((each) => shownDay(each.day, each)),
      ITEM,
    );

  it('are those beside the hour in doubt, and give the usage between them', () => {
    const sound = around([spoiled(13, 99_999_999)]);
    expect(sound).toEqual({
      before: { day: '2026-10-10', hourEnding: 12, indexL: 10_720 },
      after: { day: '2026-10-10', hourEnding: 14, indexL: 10_760 },
    });
    expect(usageAround(meter, sound)).toEqual({ usageL: 40, mostL: 14_400 });
  });

  it('of a day in doubt as a whole are those of the days beside it', () => {
    const all = Array.from({ length: 24 }, (_, at) => at + 1);
    const fell = record('2026-10-10', 0, {
      ...{ hours: all, judgedL: all.map((hour) => 20 * hour), rules: all.map(() => 'fell') },
    });
    expect(around([record('2026-10-09', 10_000), fell, record('2026-10-11', 10_960)])).toEqual({
      before: { day: '2026-10-09', hourEnding: 24, indexL: 10_480 },
      after: { day: '2026-10-11', hourEnding: 1, indexL: 10_980 },
    });
  });

  it('of a step are its two ends, without a usage', () => {
    const begun = record('2026-10-10', 900_000, { stepHours: [1], stepRules: ['implausible'] });
    const sound = around([record('2026-10-09', 10_000), begun]);
    expect(sound).toEqual({
      before: { day: '2026-10-09', hourEnding: 24, indexL: 10_480 },
      after: { day: '2026-10-10', hourEnding: 1, indexL: 900_020 },
    });
    expect(usageAround(meter, sound)).toEqual({ usageL: null, mostL: 7_200 });
  });

  it('are not those that were struck out', () => {
    const struck = { hours: [12], kinds: ['struck' as const], indexL: [10_720] };
    expect(around([{ ...spoiled(13, 99_999_999), edits: struck }]).before?.hourEnding).toBe(11);
  });

  it('are missing at the end of what is known', () => {
    const sound = around([spoiled(24, 99_999_999)]);
    expect(sound.after).toBeNull();
    expect(usageAround(meter, sound)).toEqual({ usageL: null, mostL: null });
  });
});
