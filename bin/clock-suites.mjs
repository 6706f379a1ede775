/**
 * The suites that read the clock and the instants at which they are run beside the present one. `npm run check`
 * compares the list with the code (bin/check-clock.mjs); `npm run clock` runs it (bin/clock.mjs).
 */

/** First of a month, first of a year, last day of February, leap day, and two minutes before a month's first day. */
export const INSTANTS = [
  '2026-12-01T00:10:00+09:00',
  '2026-11-30T23:58:00+09:00',
  '2027-01-01T12:00:00+09:00',
  '2027-02-28T12:00:00+09:00',
  '2028-02-29T12:00:00+09:00',
];

/**
 * Modules whose readings of the clock decide nothing that a suite asserts: deadlines, how long a run took, the shift
 * itself. A module stands here only while no result depends on the date or the hour.
 */
export const DURATIONS_ONLY = [
  'bin/clock-readers.test.ts',
  'bin/processes.ts',
  'db/client.db.test.ts',
  'db/embedded.ts',
  'db/migrate.ts',
  'db/server-process.ts',
  'db/testing-database.ts',
  'db/testing.ts',
];

/** Suites that read the clock themselves or through a module that they import; sorted. */
export const CLOCK_SUITES = [
  'app/api/v1/closings.db.test.ts',
  'app/api/v1/hostile-input.db.test.ts',
  'app/api/v1/my.db.test.ts',
  'app/api/v1/openapi.test.ts',
  'app/api/v1/session.db.test.ts',
  'app/context.db.test.ts',
  'bin/demo-check.test.ts',
  'bin/replay.db.test.ts',
  'bin/seed.db.test.ts',
  'db/app-role.db.test.ts',
  'db/store-at-once.db.test.ts',
  'db/tenancy.db.test.ts',
  'e2e/access.spec.ts',
  'e2e/closing.spec.ts',
  'e2e/collection.spec.ts',
  'e2e/consumer.spec.ts',
  'e2e/live-day.spec.ts',
  'e2e/meter.spec.ts',
  'e2e/pressure.spec.ts',
  'e2e/sign-in.spec.ts',
  'ingest/chaos.db.test.ts',
  'ingest/day-reports.db.test.ts',
  'ingest/faults.db.test.ts',
  'ingest/polling.db.test.ts',
  'ingest/process.db.test.ts',
  'ingest/quarantine.db.test.ts',
  'ingest/refusals.db.test.ts',
  'ingest/register.db.test.ts',
  'ingest/schedule/ask-terminal.test.ts',
  'ingest/schedule/poll-schedule.test.ts',
  'ingest/silence.db.test.ts',
  'ingest/simulator/fleet-state.test.ts',
  'ingest/simulator/fleet.db.test.ts',
  'ingest/simulator/fleet.test.ts',
  'ingest/store/lane-connection.test.ts',
  'lib/accounts/registration.db.test.ts',
  'lib/accounts/staff-sign-in.db.test.ts',
  'lib/closing/closing-day.test.ts',
  'lib/polling/polling.db.test.ts',
  'lib/terminals/commands.db.test.ts',
];
