/** Chart model of a day by hour, m³, and the sentences on the day; each holds whatever happened in its gaps. */
import { busiestHour, isCertainlyUnused } from '../../lib/usage/usage-claims.ts';
import { hourNumber } from '../../lib/usage/usage-line.ts';
import type { OwnDayWire } from '../../lib/usage/usage-wire.ts';
import type { BarChartModel, BarSlot } from '../charts/chart-model.ts';
import { cubicMetresShown } from '../text/figure-text.ts';
import { clockText, hourAxisText, hourText } from '../text/hour-text.ts';
import type { Reader } from './usage-text.ts';
import { dayText, gapText } from './usage-text.ts';

type Hour = OwnDayWire['hours'][number];

export function dayChart(own: OwnDayWire, reader: Reader): BarChartModel {
  const { t } = reader;
  return {
    unit: t('unit'),
    decimals: 3,
    valueName: t('usage'),
    slots: own.hours.map((hour) => hourSlot(hour, own, reader)),
  };
}

function hourSlot(hour: Hour, own: OwnDayWire, reader: Reader): BarSlot {
  const { t, locale } = reader;
  const gap = gapReason(hour, own, reader);
  const note = (['exchanged', 'unnoted'] as const)
    .filter((mark) => hour.state === 'measured' && hour.marks.includes(mark))
    .map((mark) => t(`note.${mark}`))
    .join(' / ');
  return {
    key: String(hour.hourEnding),
    at: { day: own.usage.day, hourEnding: hour.hourEnding },
    label: hourAxisText(hour.hourEnding, locale),
    title: hourText(hour.hourEnding, locale),
    value: hour.usageL === null ? null : hour.usageL / 1_000,
    ...(gap === undefined ? {} : { gap }),
    ...(isAfterLast(hour, own) ? { awaited: true } : {}),
    ...(note === '' ? {} : { note }),
  };
}

function gapReason(hour: Hour, own: OwnDayWire, reader: Reader): string | undefined {
  const { t } = reader;
  switch (hour.state) {
    case 'measured':
      return undefined;
    case 'fallen':
      return t(hour.marks.includes('fallen') ? 'gap.hourFallen' : 'gap.hourImplausible');
    case 'missing':
      return missingReason(hour, own, reader);
    case 'spanned': {
      const at = hourNumber(own.usage.day, hour.hourEnding);
      const over = own.gaps.find(
        ({ from, to }) =>
          hourNumber(from.day, from.hourEnding) < at && hourNumber(to.day, to.hourEnding) >= at,
      );
      if (!over || over.usageL === null) return t('gap.hourSpanned');
      return t('gap.hourSpannedWithSum', {
        span: gapText(over, reader, own.usage.day),
        amount: cubicMetresShown(over.usageL, 3),
      });
    }
  }
}

/**
 * Reason for a missing hour: none for a future one; for a past one, still awaited, or missing when the day has later
 * readings.
 */
function missingReason(hour: Hour, own: OwnDayWire, { t, today }: Reader): string | undefined {
  if (!isAfterLast(hour, own)) return t('gap.hourNone');
  return own.usage.day < today ? t('gap.hourMissing') : undefined;
}

/** True for a missing hour after the day's last register, which may still arrive. */
function isAfterLast({ state, hourEnding }: Hour, { usage: { untilHour } }: OwnDayWire): boolean {
  return state === 'missing' && (untilHour === null || hourEnding > untilHour);
}

/**
 * Sentence on the hour with the greatest usage: of the day where no missing hour can have been greater, else of the
 * hours that were received. Undefined when no hour is known.
 */
export function busiestHourSentence(own: OwnDayWire, { t, locale }: Reader): string | undefined {
  if (isCertainlyUnused(own)) return t('day.nothingUsed');
  const most = busiestHour(own);
  if (!most || most.usageL === 0) return undefined;
  return t(most.certain ? 'day.mostUsed' : 'day.mostKnown', {
    hour: hourText(most.hourEnding, locale),
    amount: cubicMetresShown(most.usageL, 3),
  });
}

/** Notes on the figure of the day: the time that it counts, and what it includes. */
export function dayNotes({ usage }: OwnDayWire, { t }: Reader): string[] {
  const { fromHour, untilHour, enteringL } = usage;
  return [
    ...(fromHour !== null && fromHour > 0 ? [t('note.since', { time: clockText(fromHour) })] : []),
    ...(untilHour !== null && untilHour < 24
      ? [t('note.until', { time: clockText(untilHour) })]
      : []),
    ...(enteringL > 0 ? [t('note.entering')] : []),
  ];
}

/** Sentence on a day without any known hour: not yet received, or within a gap. */
export function dayWithoutHours(own: OwnDayWire, reader: Reader): string {
  const { t, locale } = reader;
  const { day, marks } = own.usage;
  if (marks.includes('fallen')) return t('gap.fallen');
  if (marks.includes('implausible')) return t('gap.implausible');
  const over = own.gaps[0];
  if (!over || over.usageL === null) return t('day.empty', { day: dayText(day, locale) });
  return t('gap.missingWithSum', {
    span: gapText(over, reader),
    amount: cubicMetresShown(over.usageL, 2),
  });
}

/** Each reason for a gap once, in the order of the hours, for readers who cannot hover. */
export function gapSentences(model: BarChartModel): string[] {
  return [...new Set(model.slots.flatMap(({ gap }) => (gap === undefined ? [] : [gap])))];
}
