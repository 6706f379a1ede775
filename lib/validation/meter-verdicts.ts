/**
 * Verdicts on the registers of a meter's days. Pure. Days are JST days, hours those that end at k:00 (1…24), registers
 * integer litres.
 */
import { dayHour, hourNumber } from '../usage/usage-line.ts';
import {
  type JudgedMeter,
  judgeRegisters,
  type Register,
  type RegisterVerdict,
  type StepRule,
  type Verdicts,
} from './judge-registers.ts';

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
  /** 24 registers; null where there is none, or where it was struck out. */
  indexL: readonly (number | null)[];
  /** Hours ending whose register a person entered or confirmed (`lib/editing`); undefined: none. */
  anchorHours?: readonly number[];
}

export interface MeterHistory {
  meter: JudgedMeter;
  /** In order of time. */
  fittings: readonly JudgedFitting[];
  /** In order of time, one for a day. */
  days: readonly JudgedDay[];
}

/**
 * Verdicts on a day, by ascending hour: hour `hours[k]` has the register `indexL[k]`, which is in doubt by `rules[k]`; the
 * usage up to hour `stepHours[k]` cannot be explained by `stepRules[k]`.
 */
export interface DayVerdict {
  day: string;
  hours: number[];
  indexL: number[];
  rules: RegisterVerdict['rule'][];
  stepHours: number[];
  stepRules: StepRule[];
}

/**
 * The days with a verdict, in order. Each fitting is judged by itself; registers outside all fittings are not
 * judged, since nothing counts them.
 */
export function judgeMeter({ meter, fittings, days }: MeterHistory): DayVerdict[] {
  const byDay = new Map<string, DayVerdict>();
  const ofDay = (day: string): DayVerdict => {
    const found = byDay.get(day) ?? {
      ...{ day, hours: [], indexL: [], rules: [] },
      ...{ stepHours: [], stepRules: [] },
    };
    byDay.set(day, found);
    return found;
  };
  for (const fitting of fittings) {
    const { registers, steps } = judgeFitting(meter, fitting, days);
    for (const { hour, indexL, rule } of registers) {
      const { day, hourEnding } = dayHour(hour);
      const verdict = ofDay(day);
      verdict.hours.push(hourEnding);
      verdict.indexL.push(indexL);
      verdict.rules.push(rule);
    }
    for (const { hour, rule } of steps) {
      const { day, hourEnding } = dayHour(hour);
      const verdict = ofDay(day);
      verdict.stepHours.push(hourEnding);
      verdict.stepRules.push(rule);
    }
  }
  return [...byDay.values()].toSorted((a, b) => (a.day < b.day ? -1 : 1));
}

function judgeFitting(
  meter: JudgedMeter,
  fitting: JudgedFitting,
  days: readonly JudgedDay[],
): Verdicts {
  const sent: Register[] = [];
  const unsent: RegisterVerdict[] = [];
  for (const { day, indexL, anchorHours } of days) {
    const midnight = hourNumber(day, 0);
    if (midnight + 24 < fitting.from || midnight >= fitting.to) continue;
    indexL.forEach((register, element) => {
      const hour = midnight + element + 1;
      if (register === null || hour < fitting.from || hour > fitting.to) return;
      // What a person read needs no terminal.
      if (anchorHours?.includes(element + 1)) {
        sent.push({ hour, indexL: register, isAnchor: true });
        return;
      }
      const isSent = fitting.terminals.some(({ from, to }) => hour >= from && hour <= to);
      if (isSent) sent.push({ hour, indexL: register });
      else unsent.push({ hour, indexL: register, rule: 'not-fitted' });
    });
  }
  const { registers, steps } = judgeRegisters(meter, sent);
  if (unsent.length === 0) return { registers, steps };
  return { registers: [...unsent, ...registers].toSorted((a, b) => a.hour - b.hour), steps };
}
