/** Texts and the picture of an item of the work-list. Pure. */
import type { useTranslations } from 'next-intl';
import type { WorkItemDetailWire, WorkItemWire } from '../../lib/work-list/work-list-wire.ts';
import type { BandChartModel, BandSlot, ChartEvent } from '../charts/chart-model.ts';
import { instantSlotOf, slotKey } from '../charts/time-slots.ts';
import { dayText } from '../text/date-text.ts';
import { cubicMetresShown } from '../text/figure-text.ts';
import { clockText } from '../text/hour-text.ts';

export type CheckTexts = ReturnType<typeof useTranslations<'check'>>;

export interface CheckReader {
  t: CheckTexts;
  locale: string;
}

const LITRES_PER_M3 = 1_000;

/** Litres as m³ with three decimals, as on the counter. */
export function registerFigure(litres: number): string {
  return cubicMetresShown(litres, 3);
}

/** 10月10日(土), or 10月28日(水)〜10月30日(金). */
export function itemDays(
  { fromOn, toOn }: Pick<WorkItemWire, 'fromOn' | 'toOn'>,
  { t, locale }: CheckReader,
): string {
  const from = dayText(fromOn, locale);
  return fromOn === toOn ? from : t('days', { from, to: dayText(toOn, locale) });
}

/** 10月10日(土) 13:00 */
export function hourOfText(
  { day, hourEnding }: { day: string; hourEnding: number },
  { locale }: CheckReader,
): string {
  return `${dayText(day, locale)} ${clockText(hourEnding)}`;
}

/** An hour in doubt, or one up to which the usage cannot be explained. */
export interface DoubtedHour {
  day: string;
  hourEnding: number;
  indexL: number | null;
  rule: WorkItemWire['rule'];
  isStep: boolean;
}

/** The hours of an item that are in doubt, in order of time. */
export function doubtedHours({ item, days }: WorkItemDetailWire): DoubtedHour[] {
  return days
    .filter(({ day }) => item.fromOn <= day && day <= item.toOn)
    .flatMap(({ day, hours }) =>
      hours.flatMap(({ hourEnding, indexL, rule, stepRule }): DoubtedHour[] => {
        const known = rule ?? stepRule;
        return known === null
          ? []
          : [{ day, hourEnding, indexL, rule: known, isStep: rule === null }];
      }),
    );
}

/**
 * The register by the hour as a line of its sound values; hours in doubt are gaps with the value that came, because that
 * value may be a thousand times the others.
 */
export function registerChart(detail: WorkItemDetailWire, reader: CheckReader): BandChartModel {
  const { t, locale } = reader;
  const count = detail.days.length;
  const events: ChartEvent[] = doubtedHours(detail)
    .filter(({ isStep }) => isStep)
    .map(({ day, hourEnding }) => ({ key: slotKey(day, hourEnding), name: t('chart.step') }));
  return {
    ...{ unit: t('volumeUnit'), decimals: 3, averageName: t('chart.register') },
    ...{ limits: [], events },
    slots: detail.days.flatMap(({ day, receivedAt, hours }) =>
      hours.map((hour) => ({
        ...instantSlotOf(day, hour.hourEnding, count, locale),
        ...registerOf(hour, receivedAt !== null, t),
      })),
    ),
  };
}

type Hour = WorkItemDetailWire['days'][number]['hours'][number];

/** Value of an hour, or the reason why it has none. */
function registerOf(
  { indexL, edit, rule, stepRule }: Hour,
  isReported: boolean,
  t: CheckTexts,
): Pick<BandSlot, 'low' | 'average' | 'high' | 'gap' | 'note'> {
  if (indexL === null) {
    return { ...NO_VALUE, gap: t(isReported ? 'chart.noValue' : 'chart.noReport') };
  }
  if (rule !== null) {
    const received = { value: registerFigure(indexL), rule: t(`rule.${rule}`) };
    return { ...NO_VALUE, gap: t('chart.doubtful', received) };
  }
  if (edit === 'struck') {
    return { ...NO_VALUE, gap: t('chart.struck', { value: registerFigure(indexL) }) };
  }
  const value = indexL / LITRES_PER_M3;
  const notes = [
    ...(edit === null ? [] : [t(`second.kind.${edit}`)]),
    ...(stepRule === null ? [] : [t(`rule.${stepRule}`)]),
  ];
  const note = notes.length === 0 ? {} : { note: notes.join(' / ') };
  return { low: value, average: value, high: value, ...note };
}

const NO_VALUE = { low: null, average: null, high: null };
