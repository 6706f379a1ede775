/** Texts on refused frames: number, reason, advice. */
import type { useTranslations } from 'next-intl';
import type { RefusalSummaryWire, RefusalWire } from '../../lib/readings/refusal-wire.ts';
import {
  knownReason,
  REFUSALS_COUNTED,
  type RefusalAdvice,
  refusalAdvice,
} from '../../lib/readings/refusals.ts';
import { instantText } from '../text/date-text.ts';

export type Texts = ReturnType<typeof useTranslations<'refusals'>>;
type AdviceTexts = ReturnType<typeof useTranslations<'collection'>>;

/** 拒否 9 件・最新 11月26日(木) 07:40・未登録メーター 79999999999 */
export function summaryText({ count, latest }: RefusalSummaryWire, t: Texts, locale: string) {
  const isMore = count >= REFUSALS_COUNTED;
  const counted = { count: new Intl.NumberFormat(locale).format(count) };
  return t('summary', {
    count: isMore ? t('countMore', counted) : t('countOf', counted),
    time: instantText(latest.receivedAt, locale),
    what: whatText(latest, t),
  });
}

/** Reason of the refusal, with the meter that the frame named. */
export function whatText(refusal: RefusalWire, t: Texts): string {
  const { meterSerial } = refusal;
  if (refusal.namedMeter === 'unregistered' && meterSerial !== null) {
    return t('unregistered', { serial: meterSerial });
  }
  const reason = reasonText(refusal, t);
  return meterSerial === null ? reason : t('whatWithMeter', { reason, serial: meterSerial });
}

/** Text of the reason, or its code when this version does not know it. */
export function reasonText({ reason }: RefusalWire, t: Texts): string {
  const known = knownReason(reason);
  return known ? t(`reasons.${known}`) : reason;
}

/** Advice on the refusal; undefined when the register has been corrected since. */
export function adviceText(refusal: RefusalWire, t: AdviceTexts): string | undefined {
  const advice = adviceOf(refusal);
  return advice ? t(`advice.${advice}`, { serial: refusal.meterSerial ?? '' }) : undefined;
}

function adviceOf(refusal: RefusalWire): RefusalAdvice | null {
  return refusalAdvice({ ...refusal, receivedAt: new Date(refusal.receivedAt) });
}
