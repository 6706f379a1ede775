// Gas demand of a simulated household, a pure function of its seed and the day, the same on every run. Hours count 1…24
// by their end, days are numbers (days since 1970-01-01, JST calendar).
import { elementAt } from '../../lib/certain.ts';
import { dayFromNumber } from '../../lib/time.ts';
import * as figures from './demand-figures.ts';
import { gaussian, hashOf, uniform } from './seeded-random.ts';

const HOURS = 24;
const DAYS_PER_YEAR = 365.25;
const HEATING_LIMIT_C = 16;
const MEAN_LP_M3 = (figures.LP_SUMMER_M3 + figures.LP_WINTER_M3) / 2;
// The half-year means of a cosine of amplitude a are 2a/π above and below its mean.
const LP_SWING_M3 = ((figures.LP_WINTER_M3 - figures.LP_SUMMER_M3) / 2) * (Math.PI / 2);
const LP_BY_PERSONS = [0.64, 0.92, 1.1, 1.24] as const;

/** Purposes of random values; each has its own numbers. */
const ASK = {
  persons: 1,
  scale: 2,
  heating: 3,
  habit: 4,
  day: 5,
  trip: 6,
  tripLength: 7,
  hour: 8,
  weather: 9,
  evening: 10,
} as const;

/** City gas (都市ガス) or LP gas. */
export type GasKind = 'city' | 'lp';

export interface Household {
  readonly seed: number;
  readonly gasKind: GasKind;
  /** 1 to 4. */
  readonly persons: number;
  /** Demand of this household relative to the published mean of its kind. */
  readonly scale: number;
  /** Room heating with gas on a cold January day, litres. */
  readonly heatingL: number;
  /** Hours by which the household's evening is later than average: −1, 0 or 1. */
  readonly laterH: number;
  /** Seed of the weather that it shares with its neighbours. */
  readonly weatherSeed: number;
}

/** The household of a seed: 1 to 4 persons; room heating with gas in two of five city homes. */
export function householdOf(seed: number, gasKind: GasKind, weatherSeed: number): Household {
  const draw = uniform(seed, ASK.persons);
  const persons = draw < 0.16 ? 1 : draw < 0.46 ? 2 : draw < 0.76 ? 3 : 4;
  const heats = gasKind === 'city' && uniform(seed, ASK.heating) < 0.4;
  const least = persons === 1 ? 1.02 : 0.86;
  return {
    seed,
    gasKind,
    persons,
    scale: least + uniform(seed, ASK.scale) * 0.26,
    heatingL: heats ? 220 + uniform(seed, ASK.heating, 1) * 360 : 0,
    laterH: (hashOf(seed, ASK.habit) % 3) - 1,
    weatherSeed,
  };
}

/** Litres of a whole JST day; 0 while the household is away. */
export function dayUsageL(household: Household, day: number): number {
  if (isAway(household, day)) return 0;
  const { hotWaterL, cookingL, heatingL } = dayParts(household, day);
  return Math.round(hotWaterL + cookingL + heatingL);
}

/** The day's usage up to k:00, litres, for k = 1…24; the last equals `dayUsageL`. Never decreases. */
export function usageByHourL(household: Household, day: number): number[] {
  const totalL = dayUsageL(household, day);
  if (totalL === 0) return new Array<number>(HOURS).fill(0);
  const weights = hourWeights(household, day);
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
  let soFar = 0;
  return weights.map((weight) => {
    soFar += weight;
    return Math.round((totalL * soFar) / weightSum);
  });
}

function dayParts(household: Household, day: number) {
  const { seed, gasKind, persons, scale } = household;
  const weekend = isWeekend(day);
  const swing = Math.max(0.3, 1 + 0.24 * gaussian(seed, ASK.day, day)) * (weekend ? 1.14 : 0.945);
  const meanL = gasKind === 'city' ? cityMeanL(persons, day) : lpMeanL(persons, day);
  const baseL = meanL * scale * swing;
  const cookingShare = gasKind === 'city' ? 0.15 : 0.3;
  return {
    hotWaterL: baseL * (1 - cookingShare),
    cookingL: baseL * cookingShare,
    heatingL: household.heatingL * coldness(household.weatherSeed, day) * (weekend ? 1.2 : 0.92),
  };
}

function hourWeights(household: Household, day: number): number[] {
  const { hotWaterL, cookingL, heatingL } = dayParts(household, day);
  const hotWater = elementAt(figures.HOT_WATER_SHAPE, household.persons - 1);
  const cooking = elementAt(figures.COOKING_SHAPE, household.persons === 1 ? 0 : 1);
  const later = household.laterH + (hashOf(household.seed, ASK.evening, day) % 4 === 0 ? 1 : 0);
  return Array.from({ length: HOURS }, (_, hour) => {
    const noise = 0.55 + 0.9 * uniform(household.seed, ASK.hour, day, hour);
    const at = (hour - later + HOURS) % HOURS;
    const parts = hotWaterL * elementAt(hotWater, at) + cookingL * elementAt(cooking, at);
    return (parts + heatingL * elementAt(figures.HEATING_SHAPE, hour)) * noise;
  });
}

/** Away for one to four days, about once in seven weeks. */
function isAway(household: Household, day: number): boolean {
  for (let back = 0; back < 4; back += 1) {
    const leaves = uniform(household.seed, ASK.trip, day - back) < 0.02;
    if (leaves && hashOf(household.seed, ASK.tripLength, day - back) % 4 >= back) return true;
  }
  return false;
}

/** 1 on an average January day, 0 without heating. */
function coldness(weatherSeed: number, day: number): number {
  // Cold spells persist: half of a day's deviation is the previous day's.
  const deviationC =
    1.8 * (gaussian(weatherSeed, ASK.weather, day) + gaussian(weatherSeed, ASK.weather, day - 1));
  const meanC = monthlyValue(figures.MONTHLY_MEAN_C, day) + deviationC;
  return Math.max(0, HEATING_LIMIT_C - meanC) / (HEATING_LIMIT_C - figures.MONTHLY_MEAN_C[0]);
}

function cityMeanL(persons: number, day: number): number {
  const monthly = elementAt(figures.CITY_MONTHLY_M3, persons - 1);
  const daily = monthly.map((volumeM3, month) => volumeM3 / elementAt(figures.MONTH_DAYS, month));
  return 1000 * monthlyValue(daily, day);
}

function lpMeanL(persons: number, day: number): number {
  // Maximum in the middle of January, because hot water depends on the temperature of the mains.
  const season = Math.cos((2 * Math.PI * (yearDay(day) - 15)) / DAYS_PER_YEAR);
  const monthM3 = (MEAN_LP_M3 + LP_SWING_M3 * season) * elementAt(LP_BY_PERSONS, persons - 1);
  return (1000 * monthM3 * 12) / DAYS_PER_YEAR;
}

/** Linear interpolation of values given for the middles of the months. */
function monthlyValue(monthly: readonly number[], day: number): number {
  const position = (yearDay(day) / DAYS_PER_YEAR) * 12 - 0.5;
  const before = Math.floor(position);
  const share = position - before;
  const value = (month: number) => elementAt(monthly, (month + 12) % 12);
  return value(before) * (1 - share) + value(before + 1) * share;
}

/** Days since the first of January. */
function yearDay(day: number): number {
  const year = dayFromNumber(day).slice(0, 4);
  return day - Date.UTC(Number(year), 0, 1) / 86_400_000;
}

function isWeekend(day: number): boolean {
  // 1970-01-01, day 0, was a Thursday.
  return (day + 4) % 7 === 0 || (day + 4) % 7 === 6;
}
