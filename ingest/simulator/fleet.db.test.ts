import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transactAs } from '../../db/client.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import type { SystemActor } from '../../lib/actor.ts';
import { exchangeMeter } from '../../lib/register/exchange-commands.ts';
import { fitMeter, registerMeter } from '../../lib/register/meter-commands.ts';
import { registerArea, registerSupplyPoint } from '../../lib/register/supply-point-commands.ts';
import { fitTerminal, registerTerminal } from '../../lib/terminals/terminal-commands.ts';
import { addDays, dayOf, instantOf } from '../../lib/time.ts';
import { type IngestBench, startTestIngest } from '../testing/ingest.ts';
import { testKek } from '../testing/terminal.ts';
import { householdOf } from './demand.ts';
import type { FaultSetting } from './fault-setting.ts';
import { type FleetOptions, reportBacklog } from './fleet.ts';
import type { Fleet, FleetTerminal } from './fleet-file.ts';
import { openFleetState } from './fleet-state.ts';
import { readDay, readRegister, type SimulatedMeter, usageLine } from './simulated-meter.ts';
import { testFleet } from './testing-fleet.ts';

const TODAY = dayOf(new Date());
const NOW = instantOf(TODAY, 24);
const FIRST = addDays(TODAY, -24);
const MIDDLE = addDays(TODAY, -12);
const DAYS = 24;
const AT = { sound: 0, missing: 1, duplicates: 2, wrongKey: 3, replay: 4, silent: 5 } as const;
const MORE = { exchanged: 6, rollover: 7, clock: 8, late: 9 } as const;
const FAULTS: Record<number, Partial<FaultSetting>> = {
  [AT.missing]: { kind: 'missing-hours', rate: 0.5 },
  [AT.duplicates]: { kind: 'duplicates', rate: 1 },
  [AT.wrongKey]: { kind: 'wrong-key', rate: 1, fromDay: addDays(TODAY, -3) },
  [AT.replay]: { kind: 'replay', rate: 0.3 },
  [AT.silent]: { kind: 'silent', fromDay: MIDDLE },
  [MORE.clock]: { kind: 'clock-drift', amount: 30 },
  [MORE.late]: { kind: 'late-days', rate: 1, amount: 1 },
};

let bench: IngestBench;
let directory: string;
let fleet: Fleet;
let utilityId: number;

beforeAll(async () => {
  bench = await startTestIngest();
  directory = await mkdtemp(join(tmpdir(), 'kenshin-fleet-'));
  utilityId = await createUtility(bench.database.adminPool);
  fleet = testFleet({
    firstDay: FIRST,
    size: 10,
    faults: (index) => (FAULTS[index] ? [FAULTS[index]] : []),
  });
  exchange(fleet.terminals[MORE.exchanged]!);
  fleet.terminals[MORE.rollover]!.meters[0]!.dialL = 10_000_000;
  fleet.terminals[MORE.rollover]!.meters[0]!.startIndexL = 9_999_000;
  await transactAs(bench.database.db, utilityId, async (tx) => {
    const actor: SystemActor = { kind: 'system', utilityId, name: 'test' };
    const areaId = await registerArea(tx, actor, {
      code: 'a',
      name: '試験地区',
      gasKind: 'city',
      pressureMinPa: 1000,
      pressureMaxPa: 2500,
    });
    for (const spec of fleet.terminals) {
      const { number, meters } = spec;
      const supplyPointId = await registerSupplyPoint(tx, actor, {
        number,
        areaId,
        closingDay: 20,
        openedOn: FIRST,
      });
      for (const [i, { serial, dialL, startIndexL, ...meter }] of meters.entries()) {
        const fittedAt = new Date(meter.fittedAt);
        await registerMeter(tx, actor, { serial, gasKind: 'city', size: 4, dialL });
        if (i === 0)
          await fitMeter(tx, actor, { now: NOW, serial, supplyPointId, fittedAt, startIndexL });
        else {
          await exchangeMeter(tx, actor, {
            now: NOW,
            supplyPointId,
            exchangedAt: fittedAt,
            finalIndexL: finalIndexOf(spec),
            newSerial: serial,
            startIndexL,
          });
        }
      }
      const issued = await registerTerminal(tx, actor, {
        number,
        model: 'us',
        reportMinute: spec.reportMinute,
        reportWindowMinutes: spec.windowMinutes,
        kek: testKek,
      });
      Object.assign(spec, { secret: issued.secret, key: issued.key.toString('hex') });
      await fitTerminal(tx, actor, {
        now: NOW,
        number,
        supplyPointId,
        fromAt: instantOf(FIRST, 0),
      });
    }
  });
  await backlog(new Date(instantOf(TODAY, 0).getTime() + 6 * 3_600_000));
});

afterAll(async () => {
  await bench.close();
  await rm(directory, { recursive: true, force: true });
});

function exchange(spec: FleetTerminal): void {
  const removedAt = new Date(instantOf(MIDDLE, 10).getTime() + 30 * 60_000).toISOString();
  spec.meters[0]!.removedAt = removedAt;
  spec.meters.push({ serial: '880001', dialL: 100_000_000, fittedAt: removedAt, startIndexL: 77 });
}

function lineOf(spec: FleetTerminal) {
  const firstDay = Math.floor(instantOf(FIRST, 9).getTime() / 86_400_000) - 1;
  return usageLine(householdOf(spec.seed, spec.gasKind, spec.areaSeed), firstDay);
}

function simulated({ meters }: FleetTerminal): SimulatedMeter[] {
  return meters.map((meter) => ({
    ...meter,
    fittedAt: new Date(meter.fittedAt),
    removedAt: meter.removedAt === undefined ? undefined : new Date(meter.removedAt),
  }));
}

function finalIndexOf(spec: FleetTerminal): number {
  const [old] = simulated(spec);
  return readRegister(lineOf(spec), old!, old!.removedAt!);
}

async function backlog(now: Date, overrides: Partial<FleetOptions> = {}) {
  const state = await openFleetState(join(directory, 'state.json'), fleet.id, { absent: 'new' });
  try {
    return await reportBacklog({
      fleet,
      state,
      link: { brokerUrl: bench.url },
      connections: 5,
      listenMs: 100,
      historyListenMs: 100,
      retry: { minDelayMs: 20, refusedDelayMs: 60, maxDelayMs: 100, factor: 2 },
      now: () => now,
      signal: new AbortController().signal,
      ...overrides,
    });
  } finally {
    await state.close();
  }
}

interface StoredDay {
  day: string;
  serial: string;
  index_l: (number | null)[];
  pressure_pa: (number | null)[];
  arrival: number;
  revision: number;
}

async function stored(index: number): Promise<StoredDay[]> {
  const { rows } = await bench.database.adminPool.query<StoredDay>(
    `select d.day, m.serial, d.index_l, d.pressure_pa, d.arrival, d.revision
     from series.meter_day d
     join meter m on m.utility_id = d.utility_id and m.meter_id = d.meter_id
     join terminal t on t.utility_id = d.utility_id and t.terminal_id = d.terminal_id
     where t.number = $1 order by d.day, d.meter_id`,
    [fleet.terminals[index]!.number],
  );
  return rows;
}

async function quarantined(index: number): Promise<string[]> {
  const { rows } = await bench.database.adminPool.query<{ reason: string }>(
    'select reason from frame_quarantine where terminal_number = $1 order by 1',
    [fleet.terminals[index]!.number],
  );
  return rows.map(({ reason }) => reason);
}

/** Measured values of the terminal at an index, day by day. */
function measured(index: number) {
  const spec = fleet.terminals[index]!;
  const { seed, areaSeed, gasKind } = spec;
  const line = lineOf(spec);
  return Array.from({ length: DAYS }, (_, i) => addDays(FIRST, i)).flatMap((day) =>
    readDay(line, simulated(spec), { seed, areaSeed, gasKind }, day),
  );
}

function content(days: readonly StoredDay[]) {
  return days.map(({ day, serial, index_l, pressure_pa }) => ({
    day,
    serial,
    indexL: index_l,
    pressurePa: pressure_pa,
  }));
}

describe('a fleet over the real sidecar', () => {
  test('what a sound terminal measured is what the database holds, as history', async () => {
    const days = await stored(AT.sound);
    expect(content(days)).toEqual(measured(AT.sound));
    expect(days.every(({ arrival, revision }) => arrival === 3 && revision === 0)).toBe(true);
    expect(await quarantined(AT.sound)).toEqual([]);
  });

  test('missing hours are missing and nothing else is', async () => {
    const days = await stored(AT.missing);
    const truth = measured(AT.missing);
    const gone = days.flatMap(({ index_l }) => index_l).filter((index) => index === null);
    expect(days).toHaveLength(DAYS);
    expect(gone.length).toBeGreaterThan(0);
    for (const [i, { index_l }] of days.entries()) {
      for (const [hour, index] of index_l.entries()) {
        expect(index ?? truth[i]!.indexL[hour]).toBe(truth[i]!.indexL[hour]);
      }
    }
  });

  test('a frame that is sent twice changes nothing', async () => {
    expect(content(await stored(AT.duplicates))).toEqual(measured(AT.duplicates));
    expect(await quarantined(AT.duplicates)).toEqual([]);
    expect((await stored(AT.duplicates)).every(({ revision }) => revision === 0)).toBe(true);
  });

  test('frames under a wrong key end in quarantine and store nothing', async () => {
    expect(await quarantined(AT.wrongKey)).toContain('authentication_failed');
    const truth = measured(AT.wrongKey);
    for (const day of content(await stored(AT.wrongKey))) expect(truth).toContainEqual(day);
  });

  test('counters that come again with other content end in quarantine and change nothing', async () => {
    expect(new Set(await quarantined(AT.replay))).toEqual(new Set(['replay']));
    expect(content(await stored(AT.replay))).toEqual(measured(AT.replay));
  });

  test('a silent terminal’s days are absent from its last day on', async () => {
    const days = await stored(AT.silent);
    expect(days.at(-1)!.day).toBe(addDays(MIDDLE, -1));
    expect(days).toHaveLength(12);
  });

  test('an exchanged meter gives both meters’ hours on the day of the exchange', async () => {
    const days = content(await stored(MORE.exchanged));
    expect(days).toEqual(measured(MORE.exchanged));
    expect(days.filter(({ day }) => day === MIDDLE).map(({ serial }) => serial)).toHaveLength(2);
  });

  test('a register that begins again is stored as it stands', async () => {
    const days = content(await stored(MORE.rollover));
    expect(days).toEqual(measured(MORE.rollover));
    const indexes = days.flatMap(({ indexL }) => indexL);
    expect(Math.max(...(indexes as number[]))).toBeGreaterThan(9_999_000);
    expect(indexes.at(-1)).toBeLessThan(1_000_000);
  });

  test('a drifting clock harms no reading', async () => {
    expect(content(await stored(MORE.clock))).toEqual(measured(MORE.clock));
  });

  test('history is never late, whatever the fault', async () => {
    expect((await stored(MORE.late)).every(({ arrival }) => arrival === 3)).toBe(true);
  });

  test('a second start sends nothing and changes nothing', async () => {
    const before = await stored(AT.sound);
    const now = new Date(instantOf(TODAY, 0).getTime() + 6 * 3_600_000);
    expect((await backlog(now)).due).toBe(0);
    expect(await stored(AT.sound)).toEqual(before);
  });
});
