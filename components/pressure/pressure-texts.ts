/** The sentence with which the page opens, and the band's chart model. Pressures are shown in kPa with two decimals. */
import type { useTranslations } from 'next-intl';
import type { AreaPressureWire } from '../../lib/pressure/wire.ts';
import { addDays, daysBetween } from '../../lib/time.ts';
import type { BandChartModel, BandSlot, LimitLine } from '../charts/chart-model.ts';
import { axisDay, axisMonth, dayText, fullDayText, hourSpan } from '../charts/date-text.ts';
import type { Tone } from '../ui/page-answer.tsx';

export type Texts = ReturnType<typeof useTranslations<'analyst.pressure'>>;

export interface Reader {
  t: Texts;
  locale: string;
}

/** 2.31 */
export function kilopascals(pascals: number): string {
  return (pascals / 1_000).toFixed(2);
}

export interface PressureAnswer {
  tone: Tone;
  sentence: string;
  detail: string[];
}

export function pressureAnswer(
  { area, summary, meters }: AreaPressureWire,
  period: string,
  { t, locale }: Reader,
): PressureAnswer {
  const { lowPa, averagePa, highPa, below, above } = summary;
  const words = {
    area: area.name,
    period,
    limitLow: kilopascals(area.limits.lowPa),
    limitHigh: kilopascals(area.limits.highPa),
  };
  if (lowPa === null || averagePa === null || highPa === null) {
    return { tone: 'calm', sentence: t('answerNone', words), detail: [] };
  }
  const whole = new Intl.NumberFormat(locale);
  const detail = t('detail', {
    average: kilopascals(averagePa),
    meters: whole.format(meters),
    values: whole.format(summary.values),
  });
  if (below + above === 0) {
    const sentence = t('answerWithin', {
      ...words,
      low: kilopascals(lowPa),
      high: kilopascals(highPa),
    });
    return { tone: 'done', sentence, detail: [detail] };
  }
  return {
    tone: 'attention',
    sentence: t('answerOutside', { ...words, hours: whole.format(below + above) }),
    detail: [
      t('outsideDetail', { below: whole.format(below), above: whole.format(above) }),
      detail,
    ],
  };
}

/** Both limits, named. */
export function limitLines(limits: { lowPa: number; highPa: number }, t: Texts): LimitLine[] {
  return [
    { name: t('upperLimit'), value: limits.highPa / 1_000 },
    { name: t('lowerLimit'), value: limits.lowPa / 1_000 },
  ];
}

/** One slot for each hour or day of the period, those without a pressure as gaps. */
export function pressureChart(pressure: AreaPressureWire, { t, locale }: Reader): BandChartModel {
  const { period, points, area } = pressure;
  const known = new Map(points.map((point) => [slotKey(point.day, point.hourEnding), point]));
  const days = daysBetween(period.from, period.to) + 1;
  const slots = Array.from({ length: days }, (_, offset) => addDays(period.from, offset)).flatMap(
    (day) =>
      period.step === 'day'
        ? [daySlotOf(day, days, locale)]
        : Array.from({ length: 24 }, (_, at) => hourSlotOf(day, at + 1, days, locale)),
  );
  return {
    unit: t('unit'),
    decimals: 2,
    averageName: t('average'),
    bandNames: { low: t('low'), high: t('high') },
    limits: limitLines(area.limits, t),
    slots: slots.map((slot): BandSlot => {
      const point = known.get(slot.key);
      if (!point) return { ...slot, low: null, average: null, high: null, gap: t('noValue') };
      return {
        ...slot,
        low: point.lowPa / 1_000,
        average: point.averagePa / 1_000,
        high: point.highPa / 1_000,
        ...(point.below + point.above > 0
          ? { note: t('outsideNote', { below: point.below, above: point.above }) }
          : {}),
      };
    }),
  };
}

function slotKey(day: string, hourEnding: number | null): string {
  return hourEnding === null ? day : `${day} ${String(hourEnding).padStart(2, '0')}`;
}

/** A day on the axis: every day of some weeks, only the first of each month over a longer time. */
export function daySlotOf(day: string, days: number, locale: string) {
  const isFirst = day.endsWith('-01');
  const label = days > 62 ? (isFirst ? axisMonth(day, locale) : '') : axisDay(day);
  return { key: slotKey(day, null), label, title: fullDayText(day, locale) };
}

/** An hour on the axis: each of up to two days, beyond that only where a day begins. */
export function hourSlotOf(day: string, hourEnding: number, days: number, locale: string) {
  const hours = days <= 2 ? String(hourEnding) : '';
  return {
    key: slotKey(day, hourEnding),
    label: hourEnding === 1 && days > 1 ? axisDay(day) : hours,
    title: `${dayText(day, locale)} ${hourSpan(hourEnding)}${locale === 'ja' ? '時' : ' h'}`,
  };
}
