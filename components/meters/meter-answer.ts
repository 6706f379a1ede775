import type { MeterDetailWire, MeterReadingsWire } from '../../lib/meters/meter-wire.ts';
import { isCertain } from '../../lib/usage/usage-bounds.ts';
import type { Tone } from '../ui/page-answer.tsx';
import { meterFigure, type Texts } from './meter-charts.ts';
import { beganWith } from './meter-exchanges.ts';

/** The meter as far as its answer depends on it. */
type AnsweredMeter = Pick<MeterDetailWire, 'fitted' | 'fittings'>;

/**
 * Summary sentence of a meter's page: the usage of its supply point in the period, and whether all of it is known. Days
 * that are not yet due are named but need no attention.
 */
export function meterAnswer(
  meter: AnsweredMeter,
  readings: MeterReadingsWire,
  period: string,
  t: Texts,
): { tone: Tone; sentence: string } {
  // Without a meter nothing is used and nothing is missing.
  const withMeter = readings.days.filter(({ gap }) => gap !== 'withoutMeter');
  const days = withMeter.filter(({ gap }) => gap !== 'notYetDue');
  const awaited = withMeter.length - days.length;
  if (days.length === 0) {
    const key = awaited > 0 ? 'answerNotYetDue' : 'answerWithoutMeter';
    return { tone: 'calm', sentence: t(key, { period }) };
  }
  const known = days.filter(({ usageL }) => usageL !== null);
  const hours = days.reduce((sum, { missingHours }) => sum + missingHours, 0);
  if (known.length === 0) return { tone: 'attention', sentence: t('answerNone', { period }) };
  const totalL = known.reduce((sum, { usageL }) => sum + (usageL ?? 0), 0);
  const name = t(meter.fitted ? 'usageOfMeter' : 'usageOfSupplyPoint');
  const said = { period, name, usage: meterFigure(totalL) };
  if (!isTotalKnown(meter, days)) {
    // A gap that ends on the first known day may have begun before the period: its usage is not known to be of it.
    const usage = meterFigure(totalL - (known[0]?.enteringL ?? 0));
    return { tone: 'attention', sentence: t('answerPartial', { ...said, usage, hours }) };
  }
  if (awaited > 0) {
    return { tone: 'calm', sentence: t('answerSoFar', { ...said, awaited, hours }) };
  }
  return hours === 0
    ? { tone: 'calm', sentence: t('answer', said) }
    : { tone: 'calm', sentence: t('answerWithGaps', { ...said, hours }) };
}

/**
 * True when the total is exact: missing hours within the period do not change it, only those at its ends, or a usage
 * that is not certain.
 */
function isTotalKnown(meter: AnsweredMeter, days: MeterReadingsWire['days']): boolean {
  const [first] = days;
  if (first === undefined || first.gap !== null || first.enteringL > 0) return false;
  const { fromHour } = first;
  const isFromBegin =
    fromHour === 0 || (fromHour !== null && beganWith(meter, first.day, fromHour));
  return (
    isFromBegin && days.at(-1)?.untilHour === 24 && days.every(({ marks }) => isCertain(marks))
  );
}
