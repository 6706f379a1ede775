import type { MeterReadingsWire } from '../../lib/meters/wire.ts';
import type { Tone } from '../ui/page-answer.tsx';
import { cubicMetresText, type Texts } from './meter-charts.ts';

/** The sentence with which a meter's page opens: the usage of the period, and whether all of it is known. */
export function meterAnswer(
  { days }: MeterReadingsWire,
  period: string,
  t: Texts,
): { tone: Tone; sentence: string } {
  const known = days.filter(({ usageL }) => usageL !== null);
  const missing = days.reduce((sum, { missingHours }) => sum + missingHours, 0);
  if (known.length === 0) return { tone: 'attention', sentence: t('answerNone', { period }) };
  const usage = cubicMetresText(known.reduce((sum, { usageL }) => sum + (usageL ?? 0), 0));
  if (missing === 0 && known.length === days.length) {
    return { tone: 'calm', sentence: t('answer', { period, usage }) };
  }
  return { tone: 'attention', sentence: t('answerPartial', { period, usage, hours: missing }) };
}
