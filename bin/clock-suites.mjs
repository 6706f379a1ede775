/**
 * The suites that read the clock and the instants at which they are run beside the present one. `npm run check`
 * compares the list with the code (bin/checks/clock-suites.mjs); `npm run clock` runs it (bin/clock.mjs).
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
 * Modules whose clock readings do not affect any assertion: deadlines, durations, the shift itself. A module may stand
 * here only
 * while no result depends on the date or the hour.
 */
export const DURATIONS_ONLY = [
  'bin/checks/clock-edges.test.ts',
  'bin/checks/clock-readers.test.ts',
  'db/client.db.test.ts',
  'db/private-server/private-server.ts',
  'db/migrate.ts',
  'db/testing/database.ts',
  'db/testing/testing.ts',
  // Asks for a limit of the database, which it does not keep under libfaketime; so does db/client.db.test.ts.
  'lib/write-requests/write-request-commands.db.test.ts',
];

/** Suites that read the clock themselves or through a module that they import; sorted. */
export const CLOCK_SUITES = [
  'app/api/v1/api-keys.db.test.ts',
  'app/auth-answer.test.ts',
  'app/context.db.test.ts',
  'app/keys-beside-people.db.test.ts',
  'bin/commands.db.test.ts',
  'bin/operate.db.test.ts',
  'bin/replay.db.test.ts',
  'bin/replay/counters.db.test.ts',
  'bin/replay/moves.db.test.ts',
  'bin/seed-fleet.db.test.ts',
  'db/app-role.db.test.ts',
  'db/revisions.db.test.ts',
  'db/seal-moving.db.test.ts',
  'db/seal.db.test.ts',
  'db/store-at-once.db.test.ts',
  'db/taken-ingest.db.test.ts',
  'db/taken-web-register.db.test.ts',
  'db/taken-web.db.test.ts',
  'db/tenancy.db.test.ts',
  'e2e/access.spec.ts',
  'e2e/busy.spec.ts',
  'e2e/closing.spec.ts',
  'e2e/collection.spec.ts',
  'e2e/consumer.spec.ts',
  'e2e/exchange.spec.ts',
  'e2e/first-answers.spec.ts',
  'e2e/live-day.spec.ts',
  'e2e/meter.spec.ts',
  'e2e/pressure.spec.ts',
  'e2e/refusals.spec.ts',
  'e2e/sign-in.spec.ts',
  'ingest/end-to-end/chaos.db.test.ts',
  'ingest/end-to-end/commands.db.test.ts',
  'ingest/end-to-end/day-reports.db.test.ts',
  'ingest/end-to-end/fair-lanes.db.test.ts',
  'ingest/end-to-end/faults.db.test.ts',
  'ingest/end-to-end/log-flood.db.test.ts',
  'ingest/end-to-end/owners.db.test.ts',
  'ingest/end-to-end/packets.db.test.ts',
  'ingest/end-to-end/polling.db.test.ts',
  'ingest/end-to-end/process.db.test.ts',
  'ingest/end-to-end/quarantine.db.test.ts',
  'ingest/end-to-end/reading-faults.db.test.ts',
  'ingest/end-to-end/refusals.db.test.ts',
  'ingest/end-to-end/refused-facts.db.test.ts',
  'ingest/end-to-end/register.db.test.ts',
  'ingest/end-to-end/schedule.db.test.ts',
  'ingest/end-to-end/settings.db.test.ts',
  'ingest/end-to-end/sign-in-flood.db.test.ts',
  'ingest/end-to-end/silence.db.test.ts',
  'ingest/end-to-end/terminal-test.db.test.ts',
  'ingest/end-to-end/tls.db.test.ts',
  'ingest/end-to-end/undone-exchange.db.test.ts',
  'ingest/end-to-end/worker-inside.db.test.ts',
  'ingest/end-to-end/worker.db.test.ts',
  'ingest/schedule/ask-terminal.test.ts',
  'ingest/simulator/fleet.db.test.ts',
  'ingest/simulator/fleet.test.ts',
  'ingest/store/lane-connection.test.ts',
  'lib/accounts/sign-in-lock.db.test.ts',
  'lib/accounts/sign-in-tries.db.test.ts',
  'lib/accounts/staff-sign-in.db.test.ts',
  'lib/api-keys/api-keys.db.test.ts',
  'lib/area-days/area-days.db.test.ts',
  'lib/changes/changes.db.test.ts',
  'lib/closing/closing-commands.db.test.ts',
  'lib/closing/closing-day.test.ts',
  'lib/jobs/jobs.db.test.ts',
  'lib/polling/polling.db.test.ts',
  'lib/readings/report-window.db.test.ts',
  'lib/terminals/owners-at-once.db.test.ts',
  'lib/terminals/taken-frames.db.test.ts',
];
