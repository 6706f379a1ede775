/** Chart model of a day by hour, m³. */
import { hourNumber } from '../../lib/usage/usage-line.ts';
import type { OwnDayWire } from '../../lib/usage/usage-wire.ts';
import type { BarChartModel, BarSlot } from '../charts/chart-model.ts';
import type { Reader } from './usage-text.ts';
import { dayHourText, dayText, m3Text, sinceText } from './usage-text.ts';

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
  const { t } = reader;
  const from = hour.hourEnding - 1;
  const gap = gapReason(hour, own, reader);
  const note = (['exchanged', 'unnoted', 'implausible'] as const)
    .filter((mark) => hour.state === 'measured' && hour.marks.includes(mark))
    .map((mark) => t(`note.${mark}`))
    .join(' / ');
  return {
    key: String(hour.hourEnding),
    at: { day: own.usage.day, hourEnding: hour.hourEnding },
    label: t('day.hourAxis', { hour: from }),
    title: t('day.hours', { from, to: hour.hourEnding }),
    value: hour.usageL === null ? null : hour.usageL / 1_000,
    ...(gap === undefined ? {} : { gap }),
    ...(note === '' ? {} : { note }),
  };
}

function gapReason(hour: Hour, own: OwnDayWire, reader: Reader): string | undefined {
  const { t } = reader;
  switch (hour.state) {
    case 'measured':
      return undefined;
    case 'fallen':
      return t('gap.hourFallen');
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
        from: sinceText(over.from, reader),
        to: dayHourText(over.to, reader),
        amount: m3Text(over.usageL, 3),
      });
    }
  }
}

/**
 * Reason for a missing hour: none for a future one; for a past one, still awaited, or missing when the day has later
 * readings.
 */
function missingReason(hour: Hour, own: OwnDayWire, { t, today }: Reader): string | undefined {
  const { untilHour, day } = own.usage;
  if (untilHour !== null && hour.hourEnding <= untilHour) return t('gap.hourNone');
  return day < today ? t('gap.hourMissing') : undefined;
}

/** Sentence on the hour with the greatest usage; undefined when no hour is known. */
export function busiestHourSentence(own: OwnDayWire, { t }: Reader): string | undefined {
  const known = own.hours.filter(({ usageL }) => usageL !== null);
  if (known.length === 0) return undefined;
  const most = known.reduce((best, hour) =>
    (hour.usageL ?? 0) > (best.usageL ?? 0) ? hour : best,
  );
  if (!most.usageL) return known.length === 24 ? t('day.nothingUsed') : undefined;
  const { hourEnding, usageL } = most;
  return t('day.mostUsed', { from: hourEnding - 1, to: hourEnding, amount: m3Text(usageL, 3) });
}

/** Sentence on a day without any known hour: not yet received, or within a gap. */
export function dayWithoutHours(own: OwnDayWire, reader: Reader): string {
  const { t, locale } = reader;
  const { day, marks } = own.usage;
  if (marks.includes('fallen')) return t('gap.fallen');
  const over = own.gaps[0];
  if (!over || over.usageL === null) return t('day.empty', { day: dayText(day, locale) });
  return t('gap.missingWithSum', {
    from: sinceText(over.from, reader),
    to: dayHourText(over.to, reader),
    amount: m3Text(over.usageL, 2),
  });
}

/** Each reason for a gap once, in the order of the hours, for readers who cannot hover. */
export function gapSentences(model: BarChartModel): string[] {
  return [...new Set(model.slots.flatMap(({ gap }) => (gap === undefined ? [] : [gap])))];
}
