import { describe, expect, test } from 'vitest';
import type { FittedMeter } from '../usage/usage-line.ts';
import { usageLine } from '../usage/usage-line.ts';
import { type DayRecord, edgesOnly, summaryOf } from './day-summary.ts';
import {
  dayReadings,
  hasAllRegisters,
  hourReadings,
  type IndexFault,
  readingPeriod,
} from './meter-readings.ts';

const METER: FittedMeter = {
  meterId: 1,
  sizeM3PerHour: 4,
  dialL: 100_000_000,
  fittedAt: new Date('2025-01-01T00:00:00+09:00'),
  removedAt: null,
  startIndexL: 0,
  finalIndexL: null,
};

function record(day: string, first: number, holes: number[] = [], meterId = 1): DayRecord {
  const hours = Array.from({ length: 24 }, (_, at) => at + 1);
  return {
    meterId,
    day,
    indexL: hours.map((hour) => (holes.includes(hour) ? null : first + hour * 10)),
    pressurePa: hours.map((hour) => (holes.includes(hour) ? null : 2000 + hour)),
    arrival: 1,
    receivedAt: new Date(`${day}T23:59:00+09:00`),
    revision: 0,
  };
}

const isAwaited = (day: string) => day > '2026-11-22';

function byHour(records: DayRecord[], meters = [METER], from = '2026-11-21', to = '2026-11-22') {
  return withFaults(records, { meters, from, to, indexFaults: [] });
}

function withFaults(
  records: DayRecord[],
  input: { meters: FittedMeter[]; from: string; to: string; indexFaults: IndexFault[] },
) {
  const { meters, from, to, indexFaults } = input;
  const line = usageLine(meters, records);
  return hourReadings({ from, to }, { meters, line, records, isAwaited, indexFaults });
}

const FULL = [record('2026-11-20', 0), record('2026-11-21', 240), record('2026-11-22', 480)];

describe('readings by the hour', () => {
  test('each hour has its register, its pressure and the usage since the hour before', () => {
    const [first] = byHour(FULL);
    expect(first).toMatchObject({
      day: '2026-11-21',
      gap: null,
      usageL: 240,
      missingHours: 0,
      lowPa: 2001,
      highPa: 2024,
      arrival: 'onTime',
    });
    expect(first?.hours?.[0]).toEqual({
      hourEnding: 1,
      indexL: 250,
      pressurePa: 2001,
      usageL: 10,
      state: 'measured',
      gap: null,
      indexFaultL: null,
      indexFaultRule: null,
      pressureFaultPa: null,
      marks: [],
    });
  });

  test('of an hour missing in the report say so, and its neighbours share the known total', () => {
    const days = byHour([FULL[0]!, record('2026-11-21', 240, [9]), FULL[2]!]);
    const hours = days[0]?.hours ?? [];
    expect(hours[8]).toMatchObject({ gap: 'missingInReport', state: 'spanned', usageL: null });
    expect(hours[9]).toMatchObject({ gap: null, indexL: 340, state: 'spanned', usageL: null });
    expect(days[0]).toMatchObject({ missingHours: 1, usageL: 240 });
  });

  test('of a missing day are a gap of 24 hours, whose usage the next day includes', () => {
    const days = byHour([FULL[0]!, FULL[2]!]);
    expect(days[0]).toMatchObject({
      gap: 'notArrived',
      usageL: null,
      missingHours: 24,
      arrival: null,
    });
    expect(days[0]?.hours?.every(({ gap }) => gap === 'notArrived')).toBe(true);
    expect(days[1]).toMatchObject({ gap: null, usageL: 480, enteringL: 250 });
  });

  test('of a day that is not yet due are not called missing', () => {
    const days = byHour(FULL, [METER], '2026-11-22', '2026-11-23');
    expect(days.map(({ gap }) => gap)).toEqual([null, 'notYetDue']);
    expect(days[1]?.hours?.every(({ gap }) => gap === 'notYetDue')).toBe(true);
    expect(byHour([], [], '2026-11-23', '2026-11-23')[0]?.gap).toBe('withoutMeter');
  });

  test('before the meter was fitted have no meter rather than no report', () => {
    const late = { ...METER, fittedAt: new Date('2026-11-22T12:00:00+09:00'), startIndexL: 600 };
    const holes = Array.from({ length: 11 }, (_, at) => at + 1);
    const days = byHour([record('2026-11-22', 480, holes)], [late]);
    expect(days[0]?.gap).toBe('withoutMeter');
    expect(days[1]?.hours?.[10]?.gap).toBe('withoutMeter');
    expect(days[1]?.hours?.[11]).toMatchObject({ gap: null, indexL: 600 });
  });

  test("over an exchange contain both meters' hours and one line of usage", () => {
    const at = new Date('2026-11-21T12:30:00+09:00');
    const old = { ...METER, removedAt: at, finalIndexL: 365 };
    const next = { ...METER, meterId: 2, fittedAt: at, startIndexL: 1000 };
    const morning = record('2026-11-21', 240, [13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
    const evening = record('2026-11-21', 875, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 2);
    const [day] = byHour([FULL[0]!, morning, { ...evening, arrival: 2 }], [old, next]);
    expect(day?.hours?.map(({ indexL }) => indexL).slice(10, 14)).toEqual([350, 360, 1005, 1015]);
    expect(day?.hours?.[12]).toMatchObject({ usageL: 10, marks: ['exchanged'] });
    expect(day).toMatchObject({
      missingHours: 0,
      usageL: 240,
      arrival: 'late',
      marks: ['exchanged'],
    });
  });

  test('exclude what a meter recorded elsewhere', () => {
    const here = { ...METER, fittedAt: new Date('2026-11-22T00:00:00+09:00'), startIndexL: 480 };
    expect(byHour(FULL, [here])[0]).toMatchObject({
      gap: 'withoutMeter',
      arrival: null,
      lowPa: null,
    });
  });
});

test('readings by the day are the same from first and last registers as from all hours', () => {
  const records = [
    record('2026-11-19', 99_999_520),
    record('2026-11-21', 0, [22, 23, 24]),
    record('2026-11-22', 240, [1, 2]),
  ];
  const period = { from: '2026-11-20', to: '2026-11-22' };
  const summaries = records.map(summaryOf);
  const line = usageLine([METER], summaries.map(edgesOnly));
  const whole = byHour(records, [METER], period.from, period.to);
  expect(
    dayReadings(period, { meters: [METER], line, summaries, isAwaited, indexFaults: [] }),
  ).toEqual(whole.map(({ hours: _, ...day }) => day));
});

const NOW = new Date('2026-11-23T09:00:00+09:00');

describe('the whole period has its registers', () => {
  const whole = ({ indexL }: DayRecord) => !indexL.includes(null);
  const input = { from: '2026-11-21', to: '2026-11-22' };

  test('when each of its days has them, whatever lies beyond it', () => {
    const around = [record('2026-11-20', 0, [7]), record('2026-11-23', 720, [7])];
    expect(hasAllRegisters(input, [METER], [...FULL.slice(1), ...around], whole)).toBe(true);
  });

  test('unless an hour, a day, or an hour of a second meter is missing', () => {
    const [, first, second] = FULL as [DayRecord, DayRecord, DayRecord];
    const two = [METER, { ...METER, meterId: 2 }];
    const lacking = [
      [first, record('2026-11-22', 480, [7])],
      [first],
      [first, second, record('2026-11-22', 0, [7], 2)],
    ];
    for (const records of lacking) {
      expect(hasAllRegisters(input, two, records, whole)).toBe(false);
    }
  });

  test('unless a meter recorded them elsewhere', () => {
    const later = { ...METER, fittedAt: new Date('2026-11-22T10:00:00+09:00') };
    expect(hasAllRegisters(input, [later], FULL, whole)).toBe(false);
  });
});

test('the default period is the last seven days that are over', () => {
  expect(readingPeriod({ step: 'hour' }, NOW)).toEqual({ from: '2026-11-16', to: '2026-11-22' });
  expect(readingPeriod({ step: 'hour', to: '2026-01-07' }, NOW)).toEqual({
    from: '2026-01-01',
    to: '2026-01-07',
  });
});

test.each([
  { name: 'no day', input: { to: '2026-13-01' } },
  { name: 'reversed', input: { from: '2026-11-22', to: '2026-11-21' } },
  { name: 'too long for hours', input: { from: '2026-09-01', to: '2026-11-21' } },
])('a period that is $name is refused', ({ input }) => {
  expect(() => readingPeriod({ ...input, step: 'hour' }, NOW)).toThrow(
    expect.objectContaining({ code: 'invalid_input' }),
  );
});

describe('a received value beyond its range', () => {
  const beyond = {
    meterId: 1,
    day: '2026-11-21',
    hourEnding: 13,
    indexL: 16_777_215,
    rule: 'beyond-dial',
  } as const;
  const holed = [FULL[0]!, record('2026-11-21', 240, [13]), FULL[2]!];

  test('of an index is shown at its hour, and its day has the sums of a day without the hour', () => {
    const withFault = withFaults(holed, {
      meters: [METER],
      from: '2026-11-21',
      to: '2026-11-22',
      indexFaults: [beyond],
    });
    const missing = byHour(holed);
    expect(withFault[0]?.hours?.[12]).toMatchObject({
      indexL: null,
      gap: 'indexBeyondDial',
      indexFaultL: 16_777_215,
    });
    expect(withFault[0]?.faults).toEqual([
      { kind: 'index', hourEnding: 13, value: 16_777_215, rule: 'beyond-dial' },
    ]);
    const sums = (days: typeof withFault) => days.map(({ faults: _, hours: __, ...day }) => day);
    expect(sums(withFault)).toEqual(sums(missing));
  });

  test('of an index is not shown once it was corrected', () => {
    const [day] = byHour(FULL, [METER], '2026-11-21', '2026-11-21');
    expect(day?.hours?.[12]).toMatchObject({ gap: null, indexFaultL: null });
  });

  test.each([32_767, -32_768, -1_001, 10_001])('of %i Pa is not a pressure', (value) => {
    const faulty = record('2026-11-21', 240);
    const pressurePa = faulty.pressurePa.map((pressure, at) => (at === 4 ? value : pressure));
    const [day] = byHour([{ ...faulty, pressurePa }], [METER], '2026-11-21', '2026-11-21');
    expect(day).toMatchObject({
      lowPa: 2001,
      highPa: 2024,
      faults: [{ kind: 'pressure', hourEnding: 5, value }],
    });
    expect(day?.hours?.[4]).toMatchObject({ pressurePa: null, pressureFaultPa: value });
  });

  test.each([-1_000, 0, 10_000])('excludes %i Pa, which is a pressure', (value) => {
    const faulty = record('2026-11-21', 240);
    const pressurePa = faulty.pressurePa.map((pressure, at) => (at === 4 ? value : pressure));
    const [day] = byHour([{ ...faulty, pressurePa }], [METER], '2026-11-21', '2026-11-21');
    expect(day?.hours?.[4]).toMatchObject({ pressurePa: value, pressureFaultPa: null });
    expect(day?.faults).toEqual([]);
  });
});
