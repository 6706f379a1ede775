import type { MeterReadingsWire } from '../../lib/meters/meter-wire.ts';
import type { Tone } from '../ui/page-answer.tsx';
import { cubicMetresText, type Texts } from './meter-charts.ts';

/**
 * Summary sentence of a meter's page: the period's usage, and whether all of it is known. Days that are not yet due are
 * named but need no attention.
 */
export function meterAnswer(
  readings: MeterReadingsWire,
  period: string,
  t: Texts,
): { tone: Tone; sentence: string } {
  const days = readings.days.filter(({ gap }) => gap !== 'notYetDue');
  const awaited = readings.days.length - days.length;
  if (days.length === 0 && awaited > 0) {
    return { tone: 'calm', sentence: t('answerNotYetDue', { period }) };
  }
  const known = days.filter(({ usageL }) => usageL !== null);
  const hours = days.reduce((sum, { missingHours }) => sum + missingHours, 0);
  if (known.length === 0) return { tone: 'attention', sentence: t('answerNone', { period }) };
  const usage = cubicMetresText(known.reduce((sum, { usageL }) => sum + (usageL ?? 0), 0));
  if (!isTotalKnown(days)) {
    return { tone: 'attention', sentence: t('answerPartial', { period, usage, hours }) };
  }
  if (awaited > 0) {
    return { tone: 'calm', sentence: t('answerSoFar', { period, usage, awaited, hours }) };
  }
  return hours === 0
    ? { tone: 'calm', sentence: t('answer', { period, usage }) }
    : { tone: 'calm', sentence: t('answerWithGaps', { period, usage, hours }) };
}

/**
 * True when the total is exact: missing hours within the period do not change it, only those at its ends or a fallen
 * register.
 */
function isTotalKnown(days: MeterReadingsWire['days']): boolean {
  const [first] = days;
  return (
    days.at(-1)?.untilHour === 24 &&
    first !== undefined &&
    first.gap === null &&
    first.enteringL === 0 &&
    days.every(({ marks }) => !marks.includes('fallen') && !marks.includes('unnoted'))
  );
}
