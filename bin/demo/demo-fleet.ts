// Plan of the demo utility: supply points, meters, customers and terminals, and the faults of some of them. It depends
// only on the first day and on today, so that a lost fleet file can be written again.

import type { GasKind } from '../../db/schema.ts';
import { householdOf } from '../../ingest/simulator/demand.ts';
import type { FaultSetting } from '../../ingest/simulator/fault-setting.ts';
import { hashOf, seedOf } from '../../ingest/simulator/seeded-random.ts';
import {
  readRegister,
  type SimulatedMeter,
  usageLine,
} from '../../ingest/simulator/simulated-meter.ts';
import { elementAt } from '../../lib/certain.ts';
import { LATEST_REPORT_MINUTE } from '../../lib/readings/report-window.ts';
import { addDays, addMonths, dayNumber, instantOf, monthOf } from '../../lib/time.ts';

const FLEET_SEED = seedOf('kenshin demo fleet');
const CLOSING_DAYS = [5, 10, 15, 20, 25, 31] as const;
const CITY_SHARE = 0.6;
const MINUTES_OF_DAY = 1_440;
const WINDOW_MINUTES = 30;
/** No window of the demo ends later. */
export const LATEST_DEMO_WINDOW = {
  reportMinute: LATEST_REPORT_MINUTE,
  reportWindowMinutes: WINDOW_MINUTES,
} as const;
/** 9,999.999 m³: the usual dial capacity up to size 6. */
const DIAL_L = 10_000_000;
const NEAR_ROLLOVER_L = 60_000;
/** Index of the first household with a silent terminal, and its days of silence when the demo was planned. */
export const SILENT_INDEX = 16;
export const SILENT_DAYS = 4;

export interface DemoArea {
  code: string;
  name: string;
  gasKind: GasKind;
  pressureMinPa: number;
  pressureMaxPa: number;
}

export const DEMO_AREAS = [
  { code: 'minato', name: '港町地区', gasKind: 'city', pressureMinPa: 1000, pressureMaxPa: 2500 },
  { code: 'yamate', name: '山手地区', gasKind: 'lp', pressureMinPa: 2300, pressureMaxPa: 3300 },
] as const satisfies readonly DemoArea[];

/** A household of the demo, with everything that the register and the simulator need. */
export interface DemoHousehold {
  areaCode: (typeof DEMO_AREAS)[number]['code'];
  gasKind: GasKind;
  supplyPointNumber: string;
  closingDay: number;
  /** Customers one after the other; the first since the first day. */
  customers: { customerNumber: string; fromOn: string }[];
  /** One meter, or two with an exchange between them; `finalIndexL` is the first one's register at removal. */
  meters: (SimulatedMeter & { size: number; finalIndexL?: number | undefined })[];
  terminalNumber: string;
  reportMinute: number;
  windowMinutes: number;
  seed: number;
  areaSeed: number;
  faults: FaultSetting[];
}

/** First day of a demo that begins on `today` after `months` whole months of history. */
export function demoFirstDay(today: string, months: number): string {
  return `${addMonths(monthOf(today), -months)}-01`;
}

/** Households of the demo, three of five with city gas. */
export function planDemo(size: number, firstDay: string, today: string): DemoHousehold[] {
  const cityCount = Math.round(size * CITY_SHARE);
  return Array.from({ length: size }, (_, index) => {
    const area = DEMO_AREAS[index < cityCount ? 0 : 1];
    const seed = hashOf(FLEET_SEED, index);
    const areaSeed = seedOf(area.code);
    const supplyPoint = { index, seed, areaSeed, gasKind: area.gasKind };
    return {
      areaCode: area.code,
      gasKind: area.gasKind,
      supplyPointNumber: `${area.code === 'minato' ? 'M' : 'Y'}${pad(index + 1, 4)}`,
      closingDay: elementAt(CLOSING_DAYS, index % CLOSING_DAYS.length),
      customers: customersOf(index, firstDay),
      meters: metersOf(supplyPoint, firstDay, today),
      terminalNumber: `0055${pad(index * 37 + 1201, 8)}`,
      // Spread over the day, neighbours far apart, so that at any time a report arrives within minutes.
      reportMinute: Math.floor((((index * 83) % size) * MINUTES_OF_DAY) / size),
      windowMinutes: WINDOW_MINUTES,
      seed,
      areaSeed,
      faults: faultsOf(index, area.gasKind, today),
    };
  });
}

/** Customer numbers in walking order with gaps, as offices assign them; one flat changed hands. */
function customersOf(index: number, firstDay: string) {
  const first = {
    customerNumber: pad(1010 + index * 10 + (index % 7 === 3 ? 5 : 0), 6),
    fromOn: firstDay,
  };
  if (index !== 1) return [first];
  return [first, { customerNumber: '009020', fromOn: addDays(firstDay, 240) }];
}

interface PlannedSupplyPoint {
  index: number;
  seed: number;
  areaSeed: number;
  gasKind: GasKind;
}

function metersOf(
  supplyPoint: PlannedSupplyPoint,
  firstDay: string,
  today: string,
): DemoHousehold['meters'] {
  const fittedAt = instantOf(firstDay, 0);
  const startIndexL =
    supplyPoint.index === 4
      ? DIAL_L - NEAR_ROLLOVER_L
      : 50_000 + (hashOf(supplyPoint.seed, 91) % 8_000_000);
  const size = supplyPoint.gasKind === 'city' && supplyPoint.index % 4 === 0 ? 6 : 4;
  const first = {
    serial: pad(2_400_311 + supplyPoint.index * 13, 8),
    dialL: DIAL_L,
    fittedAt,
    startIndexL,
    size,
  };
  const afterDays = exchangedAfterDays(supplyPoint.index);
  if (afterDays === undefined || addDays(firstDay, afterDays) >= today) return [first];
  const removedAt = new Date(instantOf(addDays(firstDay, afterDays), 10).getTime() + 30 * 60_000);
  const household = householdOf(supplyPoint.seed, supplyPoint.gasKind, supplyPoint.areaSeed);
  const line = usageLine(household, dayNumber(addDays(firstDay, -1)));
  const finalIndexL = readRegister(line, first, removedAt);
  const second = {
    serial: pad(9_100_200 + supplyPoint.index, 8),
    dialL: DIAL_L,
    fittedAt: removedAt,
    startIndexL: 120,
    size,
  };
  return [{ ...first, removedAt, finalIndexL }, second];
}

function exchangedAfterDays(index: number): number | undefined {
  if (index === 8) return 318;
  return index === 130 ? 205 : undefined;
}

/** Enough faults for every screen to have content, and no more than in a well-kept fleet. */
function faultsOf(index: number, gasKind: GasKind, today: string): FaultSetting[] {
  const on = (kind: FaultSetting['kind'], setting: Partial<FaultSetting> = {}): FaultSetting => ({
    kind,
    rate: 1,
    amount: 1,
    ...setting,
  });
  const planned: Record<number, FaultSetting> = {
    [SILENT_INDEX]: on('silent', { fromDay: addDays(today, -SILENT_DAYS) }),
    30: on('late-days', { rate: 0.15, amount: 2 }),
    44: on('duplicates', { rate: 0.05 }),
    61: on('wrong-key', { rate: 0.2, fromDay: addDays(today, -1) }),
    75: on('clock-drift', { amount: 20 }),
    88: on('replay', { rate: 0.01 }),
    97: on('pressure-drift', { fromDay: addDays(today, -90), amount: 9 }),
    150: on('silent', { fromDay: addDays(today, -11) }),
    160: on('pressure-drift', { fromDay: addDays(today, -70), amount: 4 }),
    161: on('pressure-drift', { fromDay: addDays(today, -60), amount: 4 }),
  };
  const faults = planned[index] ? [planned[index]] : [];
  if (index % 23 === 2) faults.push(on('missing-hours', { rate: gasKind === 'lp' ? 0.03 : 0.015 }));
  return faults;
}

function pad(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}
