/** What a decision would bill, in words. Pure. */
import type { useTranslations } from 'next-intl';
import type { WorkChoicesWire } from '../../lib/work-list/choice-wire.ts';
import { grouped } from '../text/figure-text.ts';
import { type CheckTexts, registerFigure } from './work-texts.ts';

type Billed = NonNullable<WorkChoicesWire['now']>;

export interface BilledReader {
  t: CheckTexts;
  qualities: ReturnType<typeof useTranslations<'common.quality'>>;
  dayText: (day: string) => string;
}

/** The row of a closing, or the usage so far of one that is to come. */
export function billedText(
  { billed, soFarL, isVacant }: { billed: Billed | null; soFarL: number | null; isVacant: boolean },
  { t, qualities, dayText }: BilledReader,
): string {
  if (isVacant) return t('decide.vacant');
  if (!billed) {
    return soFarL === null
      ? t('decide.soFarNone')
      : t('decide.soFar', { usage: registerFigure(soFarL) });
  }
  const row = { day: dayText(billed.closesOn), quality: qualities(billed.quality) };
  return billed.usageM3 === null
    ? t('decide.billedNone', row)
    : t('decide.billed', { ...row, usage: grouped(billed.usageM3) });
}
