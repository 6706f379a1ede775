/** Chart model of a month by day, with the same day of the other month behind. m³. */
import { addDays } from '../../lib/time.ts';
import { hourNumber } from '../../lib/usage/usage-line.ts';
import type { MonthUsageWire, OwnMonthWire } from '../../lib/usage/usage-wire.ts';
import type { BarChartModel, BarSlot } from '../charts/chart-model.ts';
import type { Against } from './month-sentences.ts';
import type { Reader } from './usage-text.ts';
import { dayHourText, dayText, m3Text, monthText, sinceText } from './usage-text.ts';

type MonthDay = MonthUsageWire['days'][number];
type Gap = MonthUsageWire['gaps'][number];

const LITRES_PER_M3 = 1_000;

export function monthChart(own: OwnMonthWire, against: Against, reader: Reader): BarChartModel {
  const { t, locale } = reader;
  const other = own[against].usage;
  const ghosts = new Map(other.days.map((day) => [dayOfMonth(day.day), cubicMetres(day.usageL)]));
  const known = other.days.some(({ usageL }) => usageL !== null);
  return {
    unit: t('unit'),
    decimals: 2,
    valueName: monthText(own.usage.month, locale),
    ...(known ? { ghostName: monthText(other.month, locale) } : {}),
    slots: own.usage.days.map((day) => daySlot(day, own.usage, reader, ghosts)),
  };
}

/** Days that have hours to show. */
export function daysWithHours(own: OwnMonthWire): string[] {
  return own.usage.days
    .filter(({ state }) => state === 'whole' || state === 'partial' || state === 'missing')
    .map(({ day }) => day);
}

function daySlot(
  day: MonthDay,
  usage: MonthUsageWire,
  reader: Reader,
  ghosts: ReadonlyMap<number, number | null>,
): BarSlot {
  const number = dayOfMonth(day.day);
  const gap = gapReason(day, usage.gaps, reader);
  const note = notesOf(day, reader).join(' / ');
  return {
    key: day.day,
    at: { day: day.day, hourEnding: null },
    label: reader.t('byDay.axis', { day: number }),
    title: dayText(day.day, reader.locale),
    value: cubicMetres(day.usageL),
    ghost: ghosts.get(number) ?? null,
    hatched: carriesOtherDays(day, usage.gaps),
    ...(gap === undefined ? {} : { gap }),
    ...(note === '' ? {} : { note }),
  };
}

function gapReason(day: MonthDay, gaps: readonly Gap[], reader: Reader): string | undefined {
  const { t, today } = reader;
  if (day.state === 'awaited') return day.day < today ? t('gap.awaited') : undefined;
  if (day.state === 'missing') {
    const over = gaps.find(
      ({ from, to }) =>
        hourNumber(from.day, from.hourEnding) <= hourNumber(day.day, 0) &&
        hourNumber(to.day, to.hourEnding) > hourNumber(day.day, 24),
    );
    if (!over || over.usageL === null) return t('gap.missing');
    return t('gap.missingWithSum', {
      from: sinceText(over.from, reader),
      to: dayHourText(over.to, reader),
      amount: m3Text(over.usageL, 2),
    });
  }
  return day.marks.includes('fallen') ? t('gap.fallen') : undefined;
}

function notesOf(day: MonthDay, { t }: Reader): string[] {
  const notes: string[] = [];
  if (day.state === 'partial' && day.untilHour !== null) {
    notes.push(t('note.until', { hour: day.untilHour }));
  }
  if (day.enteringL > 0) notes.push(t('note.entering'));
  for (const mark of ['exchanged', 'unnoted', 'implausible'] as const) {
    if (day.marks.includes(mark)) notes.push(t(`note.${mark}`));
  }
  return notes;
}

/** True when the day's bar contains the usage of at least one whole earlier day. */
function carriesOtherDays(day: MonthDay, gaps: readonly Gap[]): boolean {
  if (day.enteringL === 0) return false;
  return gaps.some(
    ({ from, to }) =>
      to.day === day.day &&
      hourNumber(from.day, from.hourEnding) <= hourNumber(addDays(day.day, -1), 0),
  );
}

function dayOfMonth(day: string): number {
  return Number(day.slice(8));
}

function cubicMetres(litres: number | null): number | null {
  return litres === null ? null : litres / LITRES_PER_M3;
}
