/**
 * Compares closings with independently computed reference data: replays each home of the folder KENSHIN_REFERENCE_DATA
 * (gas-daily24/*.csv) through MQTT into a scratch database, exports its closings under all three roundings, and
 * compares every row with expected/closing_*.csv. Exits 1 on a difference; prints `not run` without a folder.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { transactAs } from '../db/client.ts';
import { startServer } from '../db/private-server/private-server.ts';
import { cloneDatabase, type TestDatabase } from '../db/testing/database.ts';
import { certain, elementAt } from '../lib/certain.ts';
import { USAGE_ROUNDINGS, type UsageRounding } from '../lib/closing/billed-usage.ts';
import { exportClosingDraft } from '../lib/closing/closing-commands.ts';
import { closingCalendar } from '../lib/closing/closing-day.ts';
import { monthOf } from '../lib/time.ts';
import { validateWaiting } from '../lib/validation/waiting-commands.ts';
import { STATE } from './demo/product-processes.ts';
import { exportWorkOf } from './export-work.ts';
import { replayFile } from './replay/run-replay.ts';
import { EXIT, runCommand } from './run-command.ts';
import { chooseUtilityId } from './utility.ts';
import { givenDatabaseUrl, untilStopped } from './with-database.ts';

const VARIABLE = 'KENSHIN_REFERENCE_DATA';
const UTILITY_CODE = 'reference';
const DIFFERENCES_SHOWN = 20;
const HOUR_MS = 3_600_000;

const USAGE_COLUMN: Record<UsageRounding, string> = {
  'floor-of-difference': 'usage_m3_floor_of_diff',
  'difference-of-floors': 'usage_m3_diff_of_floors',
  'difference-of-floors-0.1': 'usage_01m3_diff_of_floors',
};

type Row = Record<string, string>;

/** Rows of a CSV file without quotes, by header name. */
function rowsOf(text: string): Row[] {
  const [header = '', ...lines] = text.trimEnd().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const values = line.split(',');
    return Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
  });
}

/** An expected row with the column names of the product's file. @throws Error when the reference data lack a column */
function wantedRow(row: Row, rounding: UsageRounding) {
  const cell = (name: string) => certain(row[name], `the column ${name} of the reference data`);
  // The reference labels the hour that ends at 24:00 with 23:00, and states local time as UTC.
  const readAt = new Date(Date.parse(cell('reading_ts')) + HOUR_MS).toISOString().slice(0, 19);
  return {
    closing_on: cell('date'),
    index_l: cell('index_l'),
    read_at: `${readAt}+09:00`,
    lag_hours: String(Number(row.lag_h)),
    usage_l: cell('usage_l'),
    usage_m3: cell(USAGE_COLUMN[rounding]),
    quality: Number(row.lag_h) === 0 ? 'actual' : 'substituted',
  };
}

interface Home {
  customerNumber: string;
  expected: Row[];
}

/** Resources of the comparison, and the instant that decides which closings have passed. */
interface Bench {
  database: TestDatabase;
  now: Date;
}

interface Comparison {
  equal: number;
  differences: string[];
}

async function compareHome({ database, now }: Bench, utilityId: number, home: Home) {
  const comparison: Comparison = { equal: 0, differences: [] };
  const closingDays = [...new Set(home.expected.map((row) => Number(row.closing_day)))];
  for (const rounding of USAGE_ROUNDINGS) {
    for (const closingDay of closingDays) {
      const expected = home.expected.filter((row) => Number(row.closing_day) === closingDay);
      const wanted = expected.map((row) => wantedRow(row, rounding));
      const months = wanted.map((row) => monthOf(row.closing_on)).sort();
      const period = {
        closingDay,
        fromMonth: elementAt(months, 0),
        toMonth: elementAt(months, -1),
      };
      const { closings } = closingCalendar(period, now);
      const { customerNumber } = home;
      const selection = { closingDay, closings, customerNumber, rounding, now };
      const text = await extract(database, utilityId, { selection, now });
      compareRows(comparison, {
        label: `${home.customerNumber}, closing day ${closingDay}, ${rounding}`,
        wanted,
        got: rowsOf(text),
      });
    }
  }
  return comparison;
}

async function extract(
  { db }: TestDatabase,
  utilityId: number,
  input: Pick<Parameters<typeof exportClosingDraft>[2], 'selection' | 'now'>,
): Promise<string> {
  const actor = { kind: 'system', utilityId, name: 'verify-closing' } as const;
  // Registers in doubt are left out, as in every closing: the reference has none.
  await validateWaiting((fn) => transactAs(db, utilityId, fn), { utilityId, now: input.now });
  let text = '';
  const request = { ...input, kind: { format: 'machine' } } as const;
  // As a draft: an issue would make a run of each closing, and the next rounding would count from its registers.
  await exportClosingDraft(exportWorkOf(db, utilityId), actor, request, async (bytes) => {
    text += bytes.toString('utf8');
  });
  return text;
}

function compareRows(
  comparison: Comparison,
  { label, wanted, got }: { label: string; wanted: Row[]; got: Row[] },
): void {
  const byDay = new Map(got.map((row) => [row.closing_on, row]));
  for (const want of wanted) {
    const row = byDay.get(want.closing_on);
    byDay.delete(want.closing_on);
    const wrong = Object.keys(want).filter((name) => row?.[name] !== want[name]);
    if (wrong.length === 0) comparison.equal += 1;
    for (const name of wrong) {
      const found = row ? `"${row[name]}"` : 'no row';
      comparison.differences.push(
        `${label}, ${want.closing_on}: ${name} is ${found}, expected "${want[name]}"`,
      );
    }
  }
  for (const day of byDay.keys()) comparison.differences.push(`${label}, ${day}: not expected`);
}

async function verify(folder: string, bench: Bench): Promise<boolean> {
  const { database, now } = bench;
  const state = await mkdtemp(join(tmpdir(), 'kenshin-verify-'));
  let isEqual = true;
  let rows = 0;
  try {
    for (const file of await filesOf(folder)) {
      const customerNumber = basename(file, '.csv');
      const result = await replayFile({
        adminUrl: database.adminUrl,
        appUrl: database.url,
        ingestUrl: database.ingestUrl,
        file,
        customerNumber,
        gasKind: 'city',
        utilityCode: UTILITY_CODE,
        createUtility: true,
        now,
        clock: () => new Date(),
        kekDirectory: join(state, 'keys'),
        stateDirectory: join(state, 'replay'),
      });
      const expectedFile = join(folder, 'expected', `closing_${customerNumber}.csv`);
      const expected = rowsOf(await readFile(expectedFile, 'utf8'));
      const utilityId = await chooseUtilityId(database.adminUrl, UTILITY_CODE);
      const { equal, differences } = await compareHome(bench, utilityId, {
        customerNumber,
        expected,
      });
      console.log(
        `${customerNumber}: ${result.committed} of ${result.sent} days committed, ${equal} of ${expected.length * USAGE_ROUNDINGS.length} rows equal`,
      );
      for (const difference of differences.slice(0, DIFFERENCES_SHOWN)) {
        console.log(`  ${difference}`);
      }
      rows += equal;
      isEqual &&= differences.length === 0 && equal > 0 && result.missing.length === 0;
    }
  } finally {
    await rm(state, { recursive: true, force: true });
  }
  console.log(
    `${rows} rows equal in all three roundings${isEqual ? '' : '; there are differences'}`,
  );
  return isEqual && rows > 0;
}

async function filesOf(folder: string): Promise<string[]> {
  const days = join(folder, 'gas-daily24');
  const names = (await readdir(days)).filter((name) => name.endsWith('.csv')).sort();
  if (names.length === 0) throw new Error(`${days} has no CSV file to replay`);
  return names.map((name) => join(days, name));
}

async function onScratchDatabase(fn: (database: TestDatabase) => Promise<boolean>) {
  const given = await givenDatabaseUrl();
  if (given) return onClone(given, fn);
  const server = await startServer({ stateDir: STATE, name: 'test', environment: process.env });
  return untilStopped(server.stop, () => onClone(server.adminUrl, fn));
}

async function onClone(serverUrl: string, fn: (database: TestDatabase) => Promise<boolean>) {
  const database = await cloneDatabase(serverUrl);
  return untilStopped(database.close, () => fn(database));
}

await runCommand({
  async main() {
    const now = new Date();
    const folder = process.env[VARIABLE];
    if (!folder) {
      console.log(`not run: ${VARIABLE} names no folder of reference data`);
      return 0;
    }
    return (await onScratchDatabase((database) => verify(folder, { database, now })))
      ? 0
      : EXIT.failed;
  },
});
