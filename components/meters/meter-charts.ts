/** Chart models of a meter's supply point: usage as bars, pressure as a line, by the hour or by the day. */
import type { useTranslations } from 'next-intl';
import type {
  DayReadingWire,
  HourReadingWire,
  MeterReadingsWire,
} from '../../lib/meters/meter-wire.ts';
import { isCertain } from '../../lib/usage/usage-bounds.ts';
import { hourNumber } from '../../lib/usage/usage-line.ts';
import type {
  BandChartModel,
  BandSlot,
  BarChartModel,
  BarSlot,
  ChartEvent,
} from '../charts/chart-model.ts';
import { daySlotOf, hourSlotOf, instantSlotOf } from '../charts/time-slots.ts';
import { kilopascals } from '../pressure/pressure-texts.ts';
import { dayText } from '../text/date-text.ts';
import { cubicMetresShown } from '../text/figure-text.ts';
import { clockText, spanText } from '../text/hour-text.ts';

export type Texts = ReturnType<typeof useTranslations<'meter'>>;

export interface Reader {
  t: Texts;
  locale: string;
}

type Gap = MeterReadingsWire['gaps'][number];

const LITRES_PER_M3 = 1_000;

/** Litres as m³ with three decimals, as on the counter; plain, for a file. */
export function cubicMetresText(litres: number): string {
  return (litres / LITRES_PER_M3).toFixed(3);
}

/** Litres as m³ with three decimals, for the page: with separators. */
export function meterFigure(litres: number): string {
  return cubicMetresShown(litres, 3);
}

export function usageChart(
  readings: MeterReadingsWire,
  reader: Reader,
  events: readonly ChartEvent[] = [],
): BarChartModel {
  const count = readings.days.length;
  return {
    unit: reader.t('volumeUnit'),
    decimals: 3,
    valueName: reader.t('usage'),
    events,
    slots: readings.days.flatMap((day) =>
      day.hours
        ? day.hours.map((hour) => usageOfHour({ day, hour, count, gaps: readings.gaps }, reader))
        : [usageOfDay(day, readings, reader)],
    ),
  };
}

export function pressureLine(
  readings: MeterReadingsWire,
  { limits, events }: Pick<BandChartModel, 'limits' | 'events'>,
  reader: Reader,
): BandChartModel {
  const { t, locale } = reader;
  const count = readings.days.length;
  const isHourly = readings.step === 'hour';
  return {
    unit: 'kPa',
    decimals: 2,
    averageName: isHourly ? t('pressure') : t('averagePressure'),
    ...(isHourly ? {} : { bandNames: { low: t('lowPressure'), high: t('highPressure') } }),
    limits,
    events: events ?? [],
    slots: readings.days.flatMap((day): BandSlot[] =>
      day.hours
        ? day.hours.map((hour) => ({
            ...instantSlotOf(day.day, hour.hourEnding, count, locale),
            ...level(hour.pressurePa, hour.pressurePa, hour.pressurePa),
            ...gapOf(hour.pressurePa === null ? pressureGap(day, hour, t) : undefined, day),
          }))
        : [
            {
              ...daySlotOf(day.day, count, locale),
              ...level(day.lowPa, day.averagePa, day.highPa),
              ...gapOf(day.averagePa === null ? dayPressureGap(day, t) : undefined, day),
            },
          ],
    ),
  };
}

interface HourOf {
  day: DayReadingWire;
  hour: HourReadingWire;
  count: number;
  gaps: readonly Gap[];
}

function usageOfHour({ day, hour, count, gaps }: HourOf, reader: Reader): BarSlot {
  const at = hourNumber(day.day, hour.hourEnding);
  return {
    ...hourSlotOf(day.day, hour.hourEnding, count, reader.locale),
    value: hour.usageL === null ? null : hour.usageL / LITRES_PER_M3,
    ...gapOf(hour.usageL === null ? usageGap(hour, gapAround(at, gaps), reader) : undefined, day),
    ...noteOf([
      ...(hour.indexFaultL === null
        ? []
        : [indexFaultText(hour.indexFaultL, hour.indexFaultRule, reader.t)]),
      ...markTexts(hour.marks, reader.t),
      ...arrivalTexts(day, reader.t),
      ...revisionTexts(day, reader.t),
    ]),
  };
}

function usageOfDay(day: DayReadingWire, readings: MeterReadingsWire, reader: Reader): BarSlot {
  const { t } = reader;
  const carried = day.enteringL > 0 && readings.gaps.some(({ to }) => to.day === day.day);
  const gap = gapAround(hourNumber(day.day, 12), readings.gaps);
  return {
    ...daySlotOf(day.day, readings.days.length, reader.locale),
    value: day.usageL === null ? null : day.usageL / LITRES_PER_M3,
    hatched: carried,
    ...(day.usageL !== null && day.missingHours > 0 ? { lacking: true } : {}),
    ...gapOf(day.usageL === null ? dayGap(day, gap, reader) : undefined, day),
    ...noteOf([...arrivalTexts(day, t), ...dayRemarks(day, t)]),
  };
}

/** Remarks on a day besides its arrival: exchanges, faults, last known hour. */
export function dayRemarks(day: DayReadingWire, t: Texts): string[] {
  return [
    ...markTexts(day.marks, t),
    ...revisionTexts(day, t),
    ...enteredTexts(day, t),
    ...faultTexts(day, t),
    ...(day.enteringL > 0 ? [t('note.entering')] : []),
    ...(day.fromHour !== null && day.fromHour > 0
      ? [t('note.since', { time: clockText(day.fromHour) })]
      : []),
    ...(day.untilHour !== null && day.untilHour < 24
      ? [t('note.until', { time: clockText(day.untilHour) })]
      : []),
  ];
}

/** Faults of a day that are listed one by one. */
const FAULTS_LISTED = 3;

function enteredTexts({ enteredHours }: DayReadingWire, t: Texts): string[] {
  if (enteredHours.length === 0) return [];
  return [t('entered', { times: enteredHours.map(clockText).join(', ') })];
}

function faultTexts({ faults }: DayReadingWire, t: Texts): string[] {
  const listed = faults.slice(0, FAULTS_LISTED).map(({ kind, hourEnding, value, rule }) => {
    const fault = kind === 'index' ? indexFaultText(value, rule, t) : pressureFaultText(value, t);
    return t('fault.at', { time: clockText(hourEnding), fault });
  });
  const more = faults.length - listed.length;
  return more > 0 ? [...listed, t('fault.more', { count: more })] : listed;
}

function indexFaultText(litres: number, rule: HourReadingWire['indexFaultRule'], t: Texts): string {
  const value = meterFigure(litres);
  if (rule === null || rule === 'beyond-dial') return t('fault.index', { value });
  if (rule === 'struck') return t('fault.struck', { value });
  return t('fault.doubtful', { value, rule: t(`indexRule.${rule}`) });
}

function pressureFaultText(pascals: number, t: Texts): string {
  return t('fault.pressure', { value: kilopascals(pascals) });
}

function dayPressureGap(day: DayReadingWire, t: Texts): string {
  const fault = day.faults.find(({ kind }) => kind === 'pressure');
  return fault ? pressureFaultText(fault.value, t) : t(`gap.${day.gap ?? 'missingInReport'}`);
}

function arrivalTexts(day: DayReadingWire, t: Texts): string[] {
  if (day.arrival === null || day.arrival === 'onTime') return [];
  return [t(`note.${day.arrival}`)];
}

function revisionTexts(day: DayReadingWire, t: Texts): string[] {
  return day.revision > 0 ? [t('note.revised')] : [];
}

function markTexts(marks: DayReadingWire['marks'], t: Texts): string[] {
  return marks.map((mark) => t(`mark.${mark}`));
}

function usageGap(hour: HourReadingWire, gap: Gap | undefined, reader: Reader): string {
  const { t } = reader;
  if (hour.state === 'spanned' && gap) return spannedText(gap, reader);
  if (hour.state === 'fallen') return unknownText(hour.marks, t);
  return t(`gap.${hour.gap ?? 'missing'}`);
}

function dayGap(day: DayReadingWire, gap: Gap | undefined, reader: Reader): string {
  const { t } = reader;
  if (gap && day.gap !== 'withoutMeter') return spannedText(gap, reader);
  if (!isCertain(day.marks)) return unknownText(day.marks, t);
  return t(`gap.${day.gap ?? 'missing'}`);
}

/** Reason why the registers give no usage. */
function unknownText(marks: DayReadingWire['marks'], t: Texts): string {
  return t(marks.includes('fallen') ? 'gap.fallen' : 'gap.implausible');
}

function spannedText(gap: Gap, { t, locale }: Reader): string {
  if (gap.usageL === null) return unknownText(gap.marks, t);
  return t('gap.spanned', {
    span: spanText(gap, { locale, dayText: (day) => dayText(day, locale) }),
    usage: meterFigure(gap.usageL),
  });
}

/** The gap with a known total that contains the hour. */
function gapAround(hour: number, gaps: readonly Gap[]): Gap | undefined {
  return gaps.find(
    ({ from, to }) =>
      hourNumber(from.day, from.hourEnding) < hour && hour <= hourNumber(to.day, to.hourEnding),
  );
}

function pressureGap(day: DayReadingWire, hour: HourReadingWire, t: Texts): string {
  if (hour.pressureFaultPa !== null) return pressureFaultText(hour.pressureFaultPa, t);
  if (hour.gap === 'indexBeyondDial' || hour.gap === 'indexDoubtful')
    return t('gap.missingInReport');
  return t(`gap.${hour.gap ?? day.gap ?? 'missingInReport'}`);
}

function level(low: number | null, average: number | null, high: number | null) {
  const inKilopascals = (value: number | null) => (value === null ? null : value / 1_000);
  return { low: inKilopascals(low), average: inKilopascals(average), high: inKilopascals(high) };
}

function gapOf(gap: string | undefined, day: DayReadingWire) {
  if (gap === undefined) return {};
  return day.gap === 'notYetDue' ? { gap, awaited: true } : { gap };
}

function noteOf(notes: string[]) {
  return notes.length === 0 ? {} : { note: notes.join(' / ') };
}
