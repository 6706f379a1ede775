/** Chart model of a household's month by day, with the day of the other month as far from its beginning behind. m³. */
import { addDays } from '../../lib/time.ts';
import { hourNumber } from '../../lib/usage/usage-line.ts';
import type { MonthUsageWire, OwnMonthWire } from '../../lib/usage/usage-wire.ts';
import type { BarChartModel, BarSlot } from '../charts/chart-model.ts';
import { axisDay } from '../text/date-text.ts';
import { cubicMetresShown } from '../text/figure-text.ts';
import { clockText } from '../text/hour-text.ts';
import type { Against } from './month-sentences.ts';
import type { Reader } from './usage-text.ts';
import { dayText, gapText, monthText } from './usage-text.ts';

type MonthDay = MonthUsageWire['days'][number];
type Gap = MonthUsageWire['gaps'][number];

const LITRES_PER_M3 = 1_000;

export function monthChart(own: OwnMonthWire, against: Against, reader: Reader): BarChartModel {
  const { usage: other } = own[against];
  const known = other.days.some(({ usageL }) => usageL !== null);
  return {
    unit: reader.t('unit'),
    decimals: 2,
    valueName: monthText(own.usage.month, own.period, reader),
    ...(known ? { ghostName: monthText(other.month, own.period, reader) } : {}),
    slots: own.usage.days.map((day, at) => ({
      ...daySlot(day, own, reader),
      ghost: cubicMetres(other.days[at]?.usageL ?? null),
    })),
  };
}

/** Days that have hours to show. */
export function daysWithHours(own: OwnMonthWire): string[] {
  return own.usage.days
    .filter(({ state }) => state === 'whole' || state === 'partial' || state === 'missing')
    .map(({ day }) => day);
}

function daySlot(day: MonthDay, { usage, period }: OwnMonthWire, reader: Reader): BarSlot {
  const gap = gapReason(day, usage.gaps, reader);
  const note = notesOf(day, reader).join(' / ');
  return {
    key: day.day,
    at: { day: day.day, hourEnding: null },
    label:
      period === 'billing'
        ? axisDay(day.day)
        : reader.t('byDay.axis', { day: dayOfMonth(day.day) }),
    title: dayText(day.day, reader.locale),
    value: cubicMetres(day.usageL),
    hatched: carriesOtherDays(day, usage.gaps),
    ...(isLacking(day) ? { lacking: true } : {}),
    ...(gap === undefined ? {} : { gap }),
    ...(day.state === 'awaited' ? { awaited: true } : {}),
    ...(note === '' ? {} : { note }),
  };
}

/** True for a day with a usage of which hours are missing. */
function isLacking({ state, usageL, hoursWithout }: MonthDay): boolean {
  return (state === 'whole' || state === 'partial') && usageL !== null && hoursWithout > 0;
}

function gapReason(day: MonthDay, gaps: readonly Gap[], reader: Reader): string | undefined {
  const { t, today } = reader;
  if (day.state === 'awaited') return day.day < today ? t('gap.awaited') : undefined;
  if (day.state === 'missing') return missingReason(day, gaps, reader);
  if (day.marks.includes('fallen')) return t('gap.fallen');
  return day.marks.includes('implausible') ? t('gap.implausible') : undefined;
}

function missingReason(day: MonthDay, gaps: readonly Gap[], reader: Reader): string {
  const over = gaps.find(
    ({ from, to }) =>
      hourNumber(from.day, from.hourEnding) <= hourNumber(day.day, 0) &&
      hourNumber(to.day, to.hourEnding) > hourNumber(day.day, 24),
  );
  if (!over || over.usageL === null) return reader.t('gap.missing');
  return reader.t('gap.missingWithSum', {
    span: gapText(over, reader),
    amount: cubicMetresShown(over.usageL, 2),
  });
}

function notesOf(day: MonthDay, { t }: Reader): string[] {
  const notes: string[] = [];
  if (day.fromHour !== null && day.fromHour > 0) {
    notes.push(t('note.since', { time: clockText(day.fromHour) }));
  }
  if (day.state === 'partial' && day.untilHour !== null) {
    notes.push(t('note.until', { time: clockText(day.untilHour) }));
  }
  if (day.enteringL > 0) notes.push(t('note.entering'));
  if (isLacking(day)) notes.push(t('note.lacking'));
  for (const mark of ['exchanged', 'unnoted'] as const) {
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
