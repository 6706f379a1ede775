// Supply pressure at a simulated meter, pascals (gauge), at 1:00 … 24:00 of a JST day. City gas: 1.8–2.3 kPa, lower in
// the evening and in winter. LP gas: 2.7–3.0 kPa with flow, 3.0–3.3 kPa at lock-up, without flow. No public series of
// homes is known; the noise is AR(1) as at industrial sites.
import { elementAt } from '../../lib/certain.ts';
import type { GasKind } from './demand.ts';
import { gaussian, uniform } from './seeded-random.ts';

const HOURS = 24;
/** Within the hourly correlation of industrial sites (0.83 to 0.995). */
const NOISE_MEMORY = 0.83;
const NOISE_PA = 14;
const EXCURSION_PER_DAY = 1 / 900;

const ASK = {
  offset: 21,
  noise: 22,
  flow: 23,
  excursion: 24,
  excursionHour: 25,
  area: 26,
} as const;

/** Load of the network over a day, 0 at night to 1 at the evening's peak. */
const NETWORK_LOAD = [
  0.1, 0.05, 0.05, 0.05, 0.1, 0.3, 0.6, 0.7, 0.5, 0.35, 0.35, 0.45, 0.45, 0.35, 0.3, 0.35, 0.45,
  0.65, 0.9, 1, 0.95, 0.8, 0.5, 0.2,
] as const;

/** Drift of a regulator: city gas falls, LP lock-up rises. */
interface RegulatorDrift {
  /** Day number of its begin. */
  readonly fromDay: number;
  readonly paPerDay: number;
}

export interface PressureSite {
  readonly seed: number;
  /** Seed that the site shares with its area. */
  readonly areaSeed: number;
  readonly gasKind: GasKind;
  readonly drift?: RegulatorDrift | undefined;
}

/** The pressures at k:00, whole pascals; `usageL` is the gas of each hour, litres. */
export function pressureByHourPa(
  site: PressureSite,
  day: number,
  usageL: readonly number[],
): number[] {
  const noise = noiseOf(site.seed, day);
  const drift = driftPa(site, day);
  const excursion = excursionOf(site, day);
  return noise.map((noisePa, hour) => {
    const steady =
      site.gasKind === 'city'
        ? cityPa(site, day, hour, usageL[hour] ?? 0)
        : lpPa(site, day, hour, usageL[hour] ?? 0);
    return Math.round(steady + noisePa + drift - (excursion[hour] ?? 0));
  });
}

function cityPa(site: PressureSite, day: number, hour: number, usageL: number): number {
  const offset = (uniform(site.seed, ASK.offset) - 0.5) * 120;
  const area = (uniform(site.areaSeed, ASK.area) - 0.5) * 60;
  const winter = 0.75 + 0.25 * Math.cos((2 * Math.PI * ((day % 365.25) - 20)) / 365.25);
  const network = 150 * elementAt(NETWORK_LOAD, hour) * winter;
  return 2150 + offset + area + areaNoise(site.areaSeed, day) - network - Math.min(50, usageL / 20);
}

function lpPa(site: PressureSite, day: number, hour: number, usageL: number): number {
  const offset = (uniform(site.seed, ASK.offset) - 0.5) * 90;
  // The value is taken at exactly k:00: with flow only in a busy hour, and not always.
  const flows = uniform(site.seed, ASK.flow, day, hour) < Math.min(0.85, usageL / 120);
  if (flows) return 2890 + offset - Math.min(90, usageL / 4);
  // Shut-in gas warms by day, and its pressure rises.
  const warmth = 25 * Math.sin((2 * Math.PI * (hour - 8)) / HOURS);
  return 3140 + offset + warmth;
}

function driftPa(site: PressureSite, day: number): number {
  if (!site.drift || day < site.drift.fromDay) return 0;
  const moved = (day - site.drift.fromDay) * site.drift.paPerDay;
  return site.gasKind === 'city' ? -moved : moved;
}

/** Rare faults upstream, for an hour or two. */
function excursionOf(site: PressureSite, day: number): Record<number, number> {
  if (uniform(site.seed, ASK.excursion, day) >= EXCURSION_PER_DAY) return {};
  const first = 6 + Math.floor(uniform(site.seed, ASK.excursionHour, day) * 16);
  const depth = site.gasKind === 'city' ? 1250 : 1000;
  return { [first]: depth, [first + 1]: depth * 0.6 };
}

function areaNoise(areaSeed: number, day: number): number {
  const step = (back: number) => gaussian(areaSeed, ASK.area, day - back);
  return 10 * (step(0) + 0.6 * step(1) + 0.36 * step(2));
}

/** AR(1) noise with a memory of one day: from further back less than 2 % of a change would remain. */
function noiseOf(seed: number, day: number): number[] {
  const step = NOISE_PA * Math.sqrt(1 - NOISE_MEMORY ** 2);
  const noise: number[] = [];
  let value = 0;
  for (let hour = -HOURS; hour < HOURS; hour += 1) {
    value = NOISE_MEMORY * value + step * gaussian(seed, ASK.noise, day * HOURS + hour);
    if (hour >= 0) noise.push(value);
  }
  return noise;
}
