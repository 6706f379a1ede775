/** `npm run closing`: writes the closings of a closing day as a file; notes for a person go to standard error. */
import { createDatabase, openPool, readAs, transactAs } from '../db/client.ts';
import type { ReadDb } from '../db/schema.ts';
import type { SystemActor } from '../lib/actor.ts';
import { exportClosing, exportClosingDraft } from '../lib/closing/closing-commands.ts';
import type { ClosingCounts } from '../lib/closing/closing-counts.ts';
import { type ClosingCalendar, closingCalendar } from '../lib/closing/closing-day.ts';
import { hasCustomer } from '../lib/closing/closing-queries.ts';
import type { FileKind } from '../lib/closing/file-kind.ts';
import type { ExportWork } from '../lib/closing/recorded-export-commands.ts';
import { exportRun } from '../lib/closing/run-file-commands.ts';
import { countVacant } from '../lib/closing/vacant-usage.ts';
import { listVacantStretches } from '../lib/closing/vacant-usage-queries.ts';
import { DomainError, type EncodingFault } from '../lib/errors.ts';
import { getLayoutIdByName, getStoredLayout } from '../lib/layouts/layout-queries.ts';
import { validateWaiting } from '../lib/validation/waiting-commands.ts';
import {
  CLOSING_USAGE,
  type ClosingArguments,
  type ClosingsArguments,
  parseClosingArguments,
} from './closing-arguments.ts';
import { awaitedNote } from './closing-awaited.ts';
import {
  describeRuns,
  describeToCheck,
  describeVacant,
  explainNoRow,
} from './closing-explanation.ts';
import { exportWorkOf } from './export-work.ts';
import { type Write, writeFileWhole, writeTo } from './output-file.ts';
import { describeFault, EXIT, runCommand } from './run-command.ts';
import { chooseUtilityId } from './utility.ts';
import { type CommandDatabase, withDatabase } from './with-database.ts';

/** The database ends the query of a command that was killed after this time. */
const CLIENT_CHECK_MS = 1_000;

interface Extraction {
  given: ClosingArguments;
  now: Date;
}

/** The utility's rows, and the transactions that an export needs. */
interface Desk {
  actor: SystemActor;
  work: ExportWork;
  read: <T>(fn: (db: ReadDb) => Promise<T>) => Promise<T>;
}

async function extract(database: CommandDatabase, { given, now }: Extraction, write: Write) {
  const utilityId = await chooseUtilityId(database.adminUrl, given.utilityCode);
  const actor: SystemActor = { kind: 'system', utilityId, name: 'closing' };
  const pool = openPool(database.appUrl, {
    applicationName: 'kenshin closing',
    max: 3,
    clientCheckMs: CLIENT_CHECK_MS,
  });
  const db = createDatabase(pool);
  const desk: Desk = {
    actor,
    work: exportWorkOf(db, utilityId),
    read: (fn) => readAs(db, utilityId, fn),
  };
  const { what } = given;
  try {
    const kind = await kindOf(desk, given.kind);
    // Without waiting for the worker, which may not run beside a command.
    await validateWaiting((fn) => transactAs(db, utilityId, fn), { utilityId, now });
    if ('runId' in what) {
      const { runId } = what;
      reportRows(await exportRun(desk.work, actor, { runId, kind, now }, write), 1);
    } else await extractClosings(desk, { ...what, kind, now }, write);
  } finally {
    await db.destroy();
  }
}

/** The kind of file that is asked for; a layout of the utility in its latest version. */
async function kindOf({ read, actor }: Desk, kind: ClosingArguments['kind']): Promise<FileKind> {
  if (!('layoutName' in kind)) return kind;
  const name = kind.layoutName;
  const layout = await read(async (db) => {
    const layoutId = await getLayoutIdByName(db, actor, { name });
    return getStoredLayout(db, actor, { layoutId });
  });
  return { format: 'layout', layout };
}

type Closings = ClosingsArguments & { kind: FileKind; now: Date };

async function extractClosings(desk: Desk, asked: Closings, write: Write): Promise<void> {
  const { actor, work, read } = desk;
  const { period, customerNumber, rounding, kind, now } = asked;
  const calendar = closingCalendar(period, now);
  if (customerNumber !== undefined) {
    const known = await read((db) => hasCustomer(db, actor, customerNumber));
    if (!known) throw new DomainError('not_found', `there is no customer "${customerNumber}"`);
  }
  const { closingDay } = period;
  const { closings } = calendar;
  const selection = { closingDay, closings, customerNumber, rounding, now };
  const input = { selection, kind, now };
  const { counts, runs } = asked.isDraft
    ? { counts: await exportClosingDraft(work, actor, input, write), runs: [] }
    : await exportClosing(work, actor, input, write);
  report(calendar, counts);
  if (customerNumber === undefined) {
    const vacant = await read((db) => listVacantStretches(db, actor, { closingDay, closings }));
    say(describeVacant(countVacant(vacant)));
  }
  if (asked.isDraft) console.error('a draft: nothing was issued');
  for (const line of await read((db) => describeRuns(db, actor, runs))) console.error(line);
  if (customerNumber === undefined || counts.total > 0 || closings.length === 0) return;
  console.error(await read((db) => explainNoRow(db, actor, { customerNumber, closings })));
}

function reportRows(counts: ClosingCounts, closings: number): void {
  if (!process.stderr.isTTY) return;
  const { actual, awaited, substituted, entered, none } = counts.quality;
  console.error(
    `${counts.total} rows of ${closings} closings: ${actual} actual, ${awaited} not due yet, ${substituted} substituted, ${entered} entered by hand, ${none} none`,
  );
}

function report({ closings, futureOn }: ClosingCalendar, counts: ClosingCounts): void {
  reportRows(counts, closings.length);
  say(awaitedNote(counts));
  say(describeToCheck(counts));
  if (futureOn.length > 0) {
    console.error(`not closed yet, left out: ${futureOn.join(', ')}`);
  }
}

function say(line: string | undefined): void {
  if (line !== undefined) console.error(line);
}

async function main(args: readonly string[]): Promise<number> {
  const given = parseClosingArguments(args);
  const { output } = given;
  const request = { given, now: new Date() };
  try {
    await withDatabase((database) =>
      output === undefined
        ? extract(database, request, writeTo(process.stdout))
        : writeFileWhole(output, (write) => extract(database, request, write)),
    );
    return 0;
  } catch (error) {
    const faults = encodingFaultsOf(error);
    if (faults.length === 0) throw error;
    console.error(describeFault(error));
    for (const { row, column, value, characters, problem } of faults) {
      const what = problem ?? `"${characters.join('')}"`;
      console.error(`  row ${row}, column ${column}: ${what} in "${value}"`);
    }
    return EXIT.failed;
  }
}

/** Values that the file's encoding cannot represent. */
function encodingFaultsOf(error: unknown): readonly EncodingFault[] {
  if (!(error instanceof DomainError) || error.code !== 'invalid_input') return [];
  return error.details.encodingFaults ?? [];
}

await runCommand({ usage: CLOSING_USAGE, main });
