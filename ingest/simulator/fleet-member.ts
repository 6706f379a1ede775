// Model of a fleet's terminal: its measurements, memory and faults.
import { addDays, dayNumber } from '../../lib/time.ts';
import type { TerminalStatus } from '../protocol/status.ts';
import type { SimulatedTerminal } from './awake-session.ts';
import { householdOf } from './demand.ts';
import { type Faults, faultsOf, lateBy, sealFaulty, withMissingHours } from './faults.ts';
import { type FleetTerminal, identityOf, metersOf } from './fleet-file.ts';
import type { FleetMemory } from './fleet-state.ts';
import { createOutbox } from './outbox.ts';
import type { ReportPlan } from './report-plan.ts';
import { gaussian, hashOf, uniform } from './seeded-random.ts';
import { readDay, usageLine } from './simulated-meter.ts';
import type { PressureSite } from './simulated-pressure.ts';
import { createTerminal } from './terminal.ts';

const DAY_MS = 86_400_000;
const FIRMWARE = 0x0103;
const ASK = { signal: 71, battery: 72, link: 73 } as const;

/** A simulated terminal with its report plan. */
export interface FleetMember {
  readonly number: string;
  readonly simulated: SimulatedTerminal;
  readonly memory: FleetMemory;
  plan(): ReportPlan;
}

export interface MemberOptions {
  /** First day with readings. */
  firstDay: string;
  /** First day that it reports without a request. */
  reportFrom: string;
  /** The real time. */
  now: () => Date;
}

export function createMember(
  spec: FleetTerminal,
  memory: FleetMemory,
  options: MemberOptions,
): FleetMember {
  const faults = faultsOf(spec.seed, spec.faults);
  const meters = metersOf(spec);
  const household = householdOf(spec.seed, spec.gasKind, spec.areaSeed);
  // A register is read from its meter's fitting on, so the line begins with the earliest of them.
  const line = usageLine(household, dayNumber(addDays(options.firstDay, -1)));
  const site = siteOf(spec, faults);
  const terminal = createTerminal(identityOf(spec), memory);
  const now = () => new Date(options.now().getTime() + clockOffsetMs(memory, faults, options));
  const simulated: SimulatedTerminal = {
    terminal,
    outbox: createOutbox(),
    readDay: (day) => {
      if (day < options.firstDay || isSilent(faults, day)) return [];
      const days = readDay(line, meters, site, day);
      return days.map((meterDay) => withMissingHours(spec.seed, faults, meterDay));
    },
    isHistory: (day) => day <= (memory.remembered.historyThrough ?? ''),
    status: () => statusOf(spec.seed, options),
    now,
    setClock: (at, window) =>
      memory.remember({
        clock: {
          setAt: options.now().toISOString(),
          offsetMs: at.getTime() - options.now().getTime(),
        },
        window: { ...window },
      }),
    seal: (message, day) => sealFaulty(terminal, faults, { message, day }),
  };
  return {
    number: spec.number,
    simulated,
    memory,
    plan: () => ({
      seed: spec.seed,
      window: memory.remembered.window ?? spec,
      firstDay: laterDay(options.firstDay, options.reportFrom),
      lateBy: (day) => (simulated.isHistory(day) ? 0 : lateBy(spec.seed, faults, day)),
      silentFrom: faults.find('silent')?.fromDay,
    }),
  };
}

function laterDay(a: string, b: string): string {
  return a > b ? a : b;
}

function siteOf(spec: FleetTerminal, faults: Faults): PressureSite {
  const { seed, areaSeed, gasKind } = spec;
  const drift = faults.find('pressure-drift');
  if (!drift?.fromDay) return { seed, areaSeed, gasKind };
  const fromDay = dayNumber(drift.fromDay);
  return { seed, areaSeed, gasKind, drift: { fromDay, paPerDay: drift.amount } };
}

function isSilent(faults: Faults, day: string): boolean {
  const silent = faults.find('silent');
  return silent?.fromDay !== undefined && day >= silent.fromDay;
}

/** How far the terminal's clock is ahead; a drifting one gains `amount` seconds a day since it was last set. */
function clockOffsetMs(memory: FleetMemory, faults: Faults, options: MemberOptions): number {
  const drift = faults.find('clock-drift');
  const { clock } = memory.remembered;
  if (!drift) return clock?.offsetMs ?? 0;
  const since = clock?.setAt ?? `${options.firstDay}T00:00:00Z`;
  const days = (options.now().getTime() - Date.parse(since)) / DAY_MS;
  return (clock?.offsetMs ?? 0) + days * drift.amount * 1000;
}

/** Ten-year battery; a signal that differs by site and slightly by day. */
function statusOf(seed: number, { firstDay, now }: MemberOptions): TerminalStatus {
  const day = Math.floor(now().getTime() / DAY_MS);
  const age = Math.max(0, day - dayNumber(firstDay)) + (hashOf(seed, ASK.battery) % 900);
  const weakness = uniform(seed, ASK.signal) ** 2;
  return {
    batteryMv: Math.round(3650 - age * 0.14),
    signalDbm: Math.round(-72 - 42 * weakness + 2 * gaussian(seed, ASK.signal, day)),
    link: weakness > 0.7 && uniform(seed, ASK.link) < 0.6 ? 'fan' : 'wan',
    firmware: FIRMWARE,
  };
}
