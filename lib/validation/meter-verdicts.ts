/**
 * Verdicts on the registers of a meter's days. Pure. Days are JST days, hours those that end at k:00 (1…24), registers
 * integer litres.
 */
import { dayHour, hourNumber } from '../usage/usage-line.ts';
import { type JudgedMeter, judgeRegisters, type RegisterVerdict } from './judge-registers.ts';

/** A time of the register, as hour numbers with fractions; both ends belong to it. */
export interface HourSpan {
  from: number;
  to: number;
}

/** A meter at a supply point, with the terminals that were fitted there meanwhile. */
export interface JudgedFitting extends HourSpan {
  terminals: readonly HourSpan[];
}

export interface JudgedDay {
  day: string;
  /** 24 registers; null where there is none. */
  indexL: readonly (number | null)[];
}

export interface MeterHistory {
  meter: JudgedMeter;
  /** In order of time. */
  fittings: readonly JudgedFitting[];
  /** In order of time, one for a day. */
  days: readonly JudgedDay[];
}

/** The registers of a day that are in doubt, by ascending hour: hour k has the register `indexL` and the rule beside it. */
export interface DayVerdict {
  day: string;
  hours: number[];
  indexL: number[];
  rules: RegisterVerdict['rule'][];
}

/**
 * The days with a register in doubt, in order. Each fitting is judged by itself; registers outside all fittings are not
 * judged, since nothing counts them.
 */
export function judgeMeter({ meter, fittings, days }: MeterHistory): DayVerdict[] {
  const verdicts = fittings.flatMap((fitting) => judgeFitting(meter, fitting, days));
  const byDay = new Map<string, DayVerdict>();
  for (const { hour, indexL, rule } of verdicts) {
    const { day, hourEnding } = dayHour(hour);
    const verdict = byDay.get(day) ?? { day, hours: [], indexL: [], rules: [] };
    verdict.hours.push(hourEnding);
    verdict.indexL.push(indexL);
    verdict.rules.push(rule);
    byDay.set(day, verdict);
  }
  return [...byDay.values()];
}

function judgeFitting(
  meter: JudgedMeter,
  fitting: JudgedFitting,
  days: readonly JudgedDay[],
): RegisterVerdict[] {
  const sent: RegisterVerdict[] = [];
  const unsent: RegisterVerdict[] = [];
  for (const { day, indexL } of days) {
    const midnight = hourNumber(day, 0);
    if (midnight + 24 < fitting.from || midnight >= fitting.to) continue;
    indexL.forEach((register, element) => {
      const hour = midnight + element + 1;
      if (register === null || hour < fitting.from || hour > fitting.to) return;
      const isSent = fitting.terminals.some(({ from, to }) => hour >= from && hour <= to);
      (isSent ? sent : unsent).push({ hour, indexL: register, rule: 'not-fitted' });
    });
  }
  const doubtful = judgeRegisters(meter, sent);
  return unsent.length === 0
    ? doubtful
    : [...unsent, ...doubtful].toSorted((a, b) => a.hour - b.hour);
}
