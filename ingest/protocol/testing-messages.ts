// Random messages for property tests: every message the protocol can carry, edges included.
import fc from 'fast-check';
import { createDayReport, type DayReport } from './day-report.ts';
import { packHourly } from './hourly-values.ts';
import type { DownlinkMessage, UplinkMessage } from './message.ts';
import type { TerminalStatus } from './status.ts';

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const u16 = fc.integer({ min: 0, max: 0xffff });

/** Decimal digits, with leading zeros in about half of the cases. */
export function digits(maxLength: number): fc.Arbitrary<string> {
  return fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength })
    .map((each) => each.join(''));
}

const statusFields = {
  batteryMv: u16,
  signalDbm: fc.option(fc.integer({ min: -127, max: 127 })),
  link: fc.constantFrom('wan' as const, 'fan' as const),
  firmware: u16,
};

/** Any condition of a terminal. */
const terminalStatus: fc.Arbitrary<TerminalStatus> = fc.record(statusFields);

/** 24 hours, each missing or from `min` to `max`. */
export function hourly(min: number, max: number): fc.Arbitrary<(number | null)[]> {
  const value = fc.oneof(
    fc.integer({ min, max }),
    fc.integer({ min: Math.max(min, 0), max: 3000 }),
    fc.constantFrom(min, max),
  );
  return fc.oneof(
    fc.array(fc.option(value, { freq: 4 }), { minLength: 24, maxLength: 24 }),
    fc.array(value, { minLength: 24, maxLength: 24 }),
    fc.constant(Array<null>(24).fill(null)),
  );
}

/** Any day report. */
export const dayReport: fc.Arbitrary<DayReport> = fc
  .record({
    history: fc.boolean(),
    requested: fc.boolean(),
    day: u16,
    meterSerial: digits(12),
    terminalTimeS: u32,
    ...statusFields,
    indexes: hourly(0, 0x7fffffff),
    pressures: hourly(-0x8000, 0x7fff),
  })
  .map(({ indexes, pressures, ...fields }) => {
    const report: DayReport = { ...createDayReport(), ...fields };
    report.indexMask = packHourly('index', indexes, report.indexL);
    report.pressureMask = packHourly('pressure', pressures, report.pressurePa);
    return report;
  });

/** Any message of a terminal. */
export const uplinkMessage: fc.Arbitrary<UplinkMessage> = fc.oneof(
  fc.record({ type: fc.constant('day_report' as const), report: dayReport }),
  fc.record({ type: fc.constant('status' as const), terminalTimeS: u32, status: terminalStatus }),
  fc.record({ type: fc.constant('test_call' as const), terminalTimeS: u32, nonce: u32 }),
);

/** Any message of the cloud. */
export const downlinkMessage: fc.Arbitrary<DownlinkMessage> = fc.oneof(
  fc.record({ fromDay: u16, span: fc.integer({ min: 0, max: 399 }) }).map(({ fromDay, span }) => ({
    type: 'report_days' as const,
    fromDay,
    toDay: Math.min(fromDay + span, 0xffff),
  })),
  fc.record({
    type: fc.constant('set_clock' as const),
    terminalTimeS: u32,
    reportMinute: fc.integer({ min: 0, max: 1439 }),
    windowMinutes: fc.integer({ min: 1, max: 1440 }),
  }),
  fc.record({
    type: fc.constant('test' as const),
    nonce: fc.integer({ min: 1, max: 0xffffffff }),
  }),
);
