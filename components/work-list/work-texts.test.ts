import { describe, expect, it } from 'vitest';
import type { WorkItemDetailWire } from '../../lib/work-list/work-list-wire.ts';
import { testTexts } from '../testing-texts.ts';
import { type CheckTexts, doubtedHours, itemDays, registerChart } from './work-texts.ts';

const reader = { t: testTexts<CheckTexts>('check'), locale: 'ja' };

type Day = WorkItemDetailWire['days'][number];

function dayOf(day: string, change: Partial<Day['hours'][number]>[] = []): Day {
  return {
    day,
    receivedAt: '2026-10-11T00:00:00Z',
    hours: Array.from({ length: 24 }, (_, at) => ({
      ...{
        hourEnding: at + 1,
        indexL: 1_000_000 + 20 * at,
        rule: null,
        stepRule: null,
        edit: null,
      },
      ...change.find(({ hourEnding }) => hourEnding === at + 1),
    })),
  };
}

const DETAIL = {
  item: { fromOn: '2026-10-10', toOn: '2026-10-10' },
  days: [
    {
      ...dayOf('2026-10-09'),
      receivedAt: null,
      hours: dayOf('2026-10-09', []).hours.map((hour) => ({ ...hour, indexL: null })),
    },
    dayOf('2026-10-10', [
      { hourEnding: 13, indexL: 16_777_215, rule: 'error-code' },
      { hourEnding: 20, stepRule: 'implausible' },
      { hourEnding: 21, indexL: null },
    ]),
  ],
} as unknown as WorkItemDetailWire;

describe('an item', () => {
  it('has its hours in doubt in order, steps among them', () => {
    expect(doubtedHours(DETAIL)).toEqual([
      {
        ...{ day: '2026-10-10', hourEnding: 13, indexL: 16_777_215 },
        ...{ rule: 'error-code', isStep: false },
      },
      {
        ...{ day: '2026-10-10', hourEnding: 20, indexL: 1_000_380 },
        ...{ rule: 'implausible', isStep: true },
      },
    ]);
  });

  it('is named by its days', () => {
    expect(itemDays(DETAIL.item, reader)).toBe('10月10日(土)');
    expect(itemDays({ fromOn: '2026-10-28', toOn: '2026-10-30' }, reader)).toBe(
      '10月28日(水)〜10月30日(金)',
    );
  });
});

describe('the picture of the register', () => {
  const { slots, events } = registerChart(DETAIL, reader);
  const at = (day: string, hour: number) =>
    slots.find((slot) => slot.at.day === day && slot.at.hourEnding === hour);

  it('has a gap with the value that came where it is in doubt', () => {
    expect(at('2026-10-10', 13)).toMatchObject({
      average: null,
      gap: '届いた値 16,777.215㎥（検針値でない番号）',
    });
    expect(at('2026-10-10', 12)).toMatchObject({ average: 1_000.22 });
  });

  it('tells a missing report from a missing value', () => {
    expect(at('2026-10-09', 5)?.gap).toBe('報告が届いていません');
    expect(at('2026-10-10', 21)?.gap).toBe('この時刻の値がありません');
  });

  it('marks the hour of a step', () => {
    expect(events).toEqual([{ key: at('2026-10-10', 20)?.key, name: '途切れ' }]);
    expect(at('2026-10-10', 20)).toMatchObject({ average: 1_000.38 });
  });
});
