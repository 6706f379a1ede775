/** Texts of an edit's preview, in the page's language. */
import type { useTranslations } from 'next-intl';
import type { EditPreviewWire } from '../../lib/editing/edit-wire.ts';
import { dayText, fullDayText } from '../text/date-text.ts';
import { clockText } from '../text/hour-text.ts';

export interface Reader {
  t: ReturnType<typeof useTranslations<'editing'>>;
  quality: ReturnType<typeof useTranslations<'common.quality'>>;
  locale: string;
}

const LITRES_PER_M3 = 1_000;
/** Days of which the usage is listed. */
const DAYS_LISTED = 6;

/** Litres as m³ with three decimals. */
export function registerText(litres: number): string {
  return (litres / LITRES_PER_M3).toFixed(3);
}

/** The same with its unit; `none` for a register that is not there. */
function measured(litres: number | null, none: 'none' | 'unknown', { t }: Reader): string {
  return litres === null
    ? t(`preview.${none}`)
    : t('preview.measured', { m3: registerText(litres) });
}

/** Sentences on the effect: registers, days, closings, and how much it moves. */
export function editSentences(preview: EditPreviewWire, reader: Reader): string[] {
  return [
    ...registerSentences(preview, reader),
    ...daySentences(preview, reader),
    ...doubtSentences(preview, reader),
    ...closingSentences(preview, reader),
    movedSentence(preview, reader),
  ];
}

function registerSentences({ hours, day, kind }: EditPreviewWire, reader: Reader): string[] {
  const { t, locale } = reader;
  if (hours.length > 1) {
    const words = { day: fullDayText(day, locale), count: hours.length, kind: t(`kind.${kind}`) };
    return [t('preview.registers', words)];
  }
  return hours.map(({ hourEnding, beforeL, afterL }) =>
    t('preview.register', {
      ...{ day: fullDayText(day, locale), time: clockText(hourEnding) },
      ...{ before: measured(beforeL, 'none', reader), after: measured(afterL, 'none', reader) },
    }),
  );
}

function daySentences({ days }: EditPreviewWire, reader: Reader): string[] {
  const { t, locale } = reader;
  const changed = days.filter(({ before, after }) => before.usageL !== after.usageL);
  if (changed.length === 0) return [t('preview.sameDays')];
  return changed.slice(0, DAYS_LISTED).map(({ day, before, after }) =>
    t('preview.day', {
      day: fullDayText(day, locale),
      before: measured(before.usageL, 'unknown', reader),
      after: measured(after.usageL, 'unknown', reader),
    }),
  );
}

function doubtSentences({ doubted, cleared }: EditPreviewWire, { t, locale }: Reader): string[] {
  const [first] = doubted;
  return [
    ...(first
      ? [
          t('preview.doubted', {
            count: doubted.length,
            first: `${dayText(first.day, locale)} ${clockText(first.hourEnding)}`,
          }),
        ]
      : []),
    ...(cleared.length > 0 ? [t('preview.cleared', { count: cleared.length })] : []),
  ];
}

function closingSentences(preview: EditPreviewWire, reader: Reader): string[] {
  const { t, quality, locale } = reader;
  const { closings, period, hasFurtherClosings } = preview;
  const billed = (m3: string | null) =>
    m3 === null ? t('preview.unknown') : t('preview.measured', { m3 });
  const passed = closings.map(({ closesOn, customerNumber, before, after }) =>
    t('preview.closing', {
      ...{ closing: fullDayText(closesOn, locale), customer: customerNumber },
      indexBefore: measured(before.indexL, 'none', reader),
      indexAfter: measured(after.indexL, 'none', reader),
      ...{ before: billed(before.usageM3), after: billed(after.usageM3) },
      quality: quality(after.quality),
    }),
  );
  const running =
    period.before.usageL === period.after.usageL
      ? []
      : [
          t('preview.period', {
            closing: dayText(period.closesOn, locale),
            before: measured(period.before.usageL, 'unknown', reader),
            after: measured(period.after.usageL, 'unknown', reader),
          }),
        ];
  const none = passed.length === 0 ? [t('preview.noClosing')] : [];
  return [...passed, ...none, ...running, ...(hasFurtherClosings ? [t('preview.further')] : [])];
}

function movedSentence({ movedL, secondLookL, needsSecond }: EditPreviewWire, reader: Reader) {
  return reader.t(needsSecond ? 'preview.moved' : 'preview.movedAlone', {
    moved: measured(movedL, 'none', reader),
    limit: measured(secondLookL, 'none', reader),
  });
}
