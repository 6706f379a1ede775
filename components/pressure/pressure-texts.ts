/** Summary sentence of the pressure page, and the band's chart model. Pressures are shown in kPa with two decimals. */
import type { useTranslations } from 'next-intl';
import type { AreaPressureWire } from '../../lib/pressure/pressure-wire.ts';
import { addDays, daysBetween } from '../../lib/time.ts';
import type { BandChartModel, BandSlot, LimitLine } from '../charts/chart-model.ts';
import { daySlotOf, instantSlotOf, slotKey } from '../charts/time-slots.ts';
import type { Tone } from '../ui/page-answer.tsx';

export type Texts = ReturnType<typeof useTranslations<'pressure'>>;

export interface Reader {
  t: Texts;
  locale: string;
}

/** 2.31 */
export function kilopascals(pascals: number): string {
  return (pascals / 1_000).toFixed(2);
}

/** 2.31, or null where there is no value. */
export function kilopascalsOrNull(pascals: number | null): string | null {
  return pascals === null ? null : kilopascals(pascals);
}

export interface PressureAnswer {
  tone: Tone;
  sentence: string;
  detail: string[];
}

export function pressureAnswer(
  { area, summary, coverage }: AreaPressureWire,
  period: string,
  { t, locale }: Reader,
): PressureAnswer {
  const { lowPa, averagePa, highPa, below, above } = summary;
  const whole = new Intl.NumberFormat(locale);
  const missing = missingDetail(coverage, whole, t);
  const faults =
    summary.faults > 0 ? [t('faultsDetail', { faults: whole.format(summary.faults) })] : [];
  const words = {
    area: area.name,
    period,
    limitLow: kilopascals(area.limits.lowPa),
    limitHigh: kilopascals(area.limits.highPa),
    meters: whole.format(coverage.meters),
    fitted: whole.format(coverage.fittedMeters),
  };
  if (lowPa === null || averagePa === null || highPa === null) {
    return { tone: 'calm', sentence: t('answerNone', words), detail: faults };
  }
  const detail = t('detail', {
    ...words,
    average: kilopascals(averagePa),
    values: whole.format(summary.values),
  });
  const rest = [detail, ...missing, ...faults];
  if (below + above === 0) {
    const range = { ...words, low: kilopascals(lowPa), high: kilopascals(highPa) };
    // The all-clear requires that no missing value could contradict it.
    if (missing.length > 0) {
      return { tone: 'calm', sentence: t('answerArrivedWithin', range), detail: rest };
    }
    const tone = faults.length > 0 ? 'attention' : 'done';
    return { tone, sentence: t('answerWithin', range), detail: rest };
  }
  return {
    tone: 'attention',
    sentence: t('answerOutside', { ...words, hours: whole.format(below + above) }),
    detail: [
      t('outsideDetail', { below: whole.format(below), above: whole.format(above) }),
      ...rest,
    ],
  };
}

/** Meter-days of the period without pressure; empty when there are none. */
function missingDetail(
  { meterDays, fittedMeterDays }: AreaPressureWire['coverage'],
  whole: Intl.NumberFormat,
  t: Texts,
): string[] {
  const days = fittedMeterDays - meterDays;
  return days > 0 ? [t('missingDays', { days: whole.format(days) })] : [];
}

/** Both limits with their names. */
export function limitLines(limits: { lowPa: number; highPa: number }, t: Texts): LimitLine[] {
  return [
    { name: t('upperLimit'), value: limits.highPa / 1_000 },
    { name: t('lowerLimit'), value: limits.lowPa / 1_000 },
  ];
}

/** One slot for each hour or day of the period, gaps where there is no pressure. */
export function pressureChart(pressure: AreaPressureWire, { t, locale }: Reader): BandChartModel {
  const { period, points, area } = pressure;
  const known = new Map(points.map((value) => [slotKey(value.day, value.hourEnding), value]));
  const days = daysBetween(period.from, period.to) + 1;
  const slots = Array.from({ length: days }, (_, offset) => addDays(period.from, offset)).flatMap(
    (day) =>
      period.step === 'day'
        ? [daySlotOf(day, days, locale)]
        : Array.from({ length: 24 }, (_, at) => instantSlotOf(day, at + 1, days, locale)),
  );
  return {
    unit: t('unit'),
    decimals: 2,
    averageName: t('average'),
    bandNames: { low: t('low'), high: t('high') },
    limits: limitLines(area.limits, t),
    slots: slots.map((slot): BandSlot => {
      const value = known.get(slot.key);
      if (!value) return { ...slot, low: null, average: null, high: null, gap: t('noValue') };
      return {
        ...slot,
        low: value.lowPa / 1_000,
        average: value.averagePa / 1_000,
        high: value.highPa / 1_000,
        ...(value.below + value.above > 0
          ? { note: t('outsideNote', { below: value.below, above: value.above }) }
          : {}),
      };
    }),
  };
}
