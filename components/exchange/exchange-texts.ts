/** Texts of an exchange's preview, in the page's language. */
import type { useTranslations } from 'next-intl';
import type { ExchangePreviewWire, ExchangeWire } from '../../lib/register/exchange-wire.ts';
import { dayText, fullDayText, instantText } from '../text/date-text.ts';

export type ExchangeTexts = ReturnType<typeof useTranslations<'exchange'>>;

export interface Reader {
  t: ExchangeTexts;
  locale: string;
}

const LITRES_PER_M3 = 1_000;

/** Litres as m³ with three decimals, or the word for unknown. */
export function measuredText(usageL: number | null, { t }: Reader): string {
  if (usageL === null) return t('effect.unknown');
  return t('effect.measured', { m3: (usageL / LITRES_PER_M3).toFixed(3) });
}

/** Billed m³, or the word for unknown. */
export function billedText(usageM3: string | null, { t }: Reader): string {
  return usageM3 === null ? t('effect.unknown') : t('effect.billed', { m3: usageM3 });
}

/** Sentences on the effect: first past closings, then the current period. */
export function effectSentences(preview: ExchangePreviewWire, reader: Reader): string[] {
  const { t, locale } = reader;
  const { closings, period } = preview;
  const passed = closings.map(({ closesOn, before, after }) =>
    t('effect.closing', {
      closing: fullDayText(closesOn, locale),
      before: billedText(before.usageM3, reader),
      after: billedText(after.usageM3, reader),
    }),
  );
  const before = measuredText(period.before.usageL, reader);
  const after = measuredText(period.after.usageL, reader);
  const closing = dayText(period.closesOn, locale);
  const running =
    before === after
      ? t('effect.periodSame', { closing, before })
      : t('effect.period', { closing, before, after });
  return [...(passed.length > 0 ? passed : [t('effect.noClosing')]), running];
}

/** A warning with its register, instant or day. */
export function warningText(
  { code, indexL, at, day }: ExchangePreviewWire['warnings'][number],
  { t, locale }: Reader,
): string {
  return t(`warning.${code}`, {
    index: indexL === null ? '' : (indexL / LITRES_PER_M3).toFixed(3),
    at: at === null ? '' : instantText(at, locale),
    day: day === null ? '' : fullDayText(day, locale),
  });
}

/** Consequence of an exchange for a closing of which a file was made. */
export function filedText(
  closesOn: string,
  changed: ExchangePreviewWire['closings'],
  { t, locale }: Reader,
): string {
  const closing = fullDayText(closesOn, locale);
  const differs = changed.some((each) => each.closesOn === closesOn);
  return t(differs ? 'filed.differs' : 'filed.mayDiffer', { closing });
}

/** One record that rests on an exchange. */
export function restingText(
  { kind, at, named }: ExchangeWire['resting'][number],
  { t, locale }: Reader,
): string {
  const closing = kind === 'closing-file' && named !== null ? fullDayText(named, locale) : '';
  return t(`restingText.${kind}`, { at: instantText(at, locale), named: named ?? '', closing });
}
