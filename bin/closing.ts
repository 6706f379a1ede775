/** `npm run closing`: writes the closings of a closing day as a file; notes for a person go to standard error. */
import { createDatabase, openPool, readAs } from '../db/client.ts';
import type { SystemActor } from '../lib/actor.ts';
import { exportClosing } from '../lib/closing/closing-commands.ts';
import { type ClosingCalendar, closingCalendar } from '../lib/closing/closing-day.ts';
import { hasCustomer } from '../lib/closing/closing-queries.ts';
import type { ClosingCounts } from '../lib/closing/closing-row.ts';
import { countVacant } from '../lib/closing/vacant-usage.ts';
import { listVacantStretches } from '../lib/closing/vacant-usage-queries.ts';
import { DomainError, type EncodingFault } from '../lib/errors.ts';
import {
  CLOSING_USAGE,
  type ClosingArguments,
  parseClosingArguments,
} from './closing-arguments.ts';
import { describeToCheck, describeVacant, explainNoRow } from './closing-explanation.ts';
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

async function extract(database: CommandDatabase, { given, now }: Extraction, write: Write) {
  const utilityId = await chooseUtilityId(database.adminUrl, given.utilityCode);
  const actor: SystemActor = { kind: 'system', utilityId, name: 'closing' };
  const calendar = closingCalendar(given.period, now);
  const pool = openPool(database.appUrl, {
    applicationName: 'kenshin closing',
    max: 2,
    clientCheckMs: CLIENT_CHECK_MS,
  });
  const db = createDatabase(pool);
  try {
    const { customerNumber, rounding, kind } = given;
    if (customerNumber !== undefined) {
      const known = await readAs(db, utilityId, (read) => hasCustomer(read, actor, customerNumber));
      if (!known) throw new DomainError('not_found', `there is no customer "${customerNumber}"`);
    }
    const { closingDay } = given.period;
    const selection = { closingDay, closings: calendar.closings, customerNumber, rounding };
    const work = exportWorkOf(db, utilityId);
    const counts = await exportClosing(work, actor, { selection, kind }, write);
    report(calendar, counts);
    const { closings } = calendar;
    if (customerNumber === undefined) {
      const input = { closingDay, closings };
      const vacant = await readAs(db, utilityId, (read) => listVacantStretches(read, actor, input));
      say(describeVacant(countVacant(vacant)));
    }
    if (customerNumber === undefined || counts.total > 0 || closings.length === 0) return;
    const none = { customerNumber, closings };
    console.error(await readAs(db, utilityId, (read) => explainNoRow(read, actor, none)));
  } finally {
    await db.destroy();
  }
}

function report({ closings, futureOn }: ClosingCalendar, counts: ClosingCounts): void {
  const { actual, substituted, none } = counts.quality;
  if (process.stderr.isTTY) {
    console.error(
      `${counts.total} rows of ${closings.length} closings: ${actual} actual, ${substituted} substituted, ${none} none`,
    );
  }
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
    for (const { row, column, value, characters } of faults) {
      console.error(`  row ${row}, column ${column}: "${characters.join('')}" in "${value}"`);
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
