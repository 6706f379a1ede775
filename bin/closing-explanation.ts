import type { ReadDb } from '../db/schema.ts';
import type { SystemActor } from '../lib/actor.ts';
import {
  CHECK_REASONS,
  type CheckReason,
  type ClosingCounts,
} from '../lib/closing/closing-counts.ts';
import type { Closing } from '../lib/closing/closing-day.ts';
import type { ClosingRow } from '../lib/closing/closing-row.ts';
import type { IssuedRun } from '../lib/closing/run-commands.ts';
import { listRunChanges } from '../lib/closing/run-difference-queries.ts';
import type { ClosingDifference } from '../lib/closing/run-wire.ts';
import type { VacantCounts } from '../lib/closing/vacant-usage.ts';
import { type CustomerStay, listCustomerStays } from '../lib/register/stay-queries.ts';
import { addDays } from '../lib/time.ts';

/** Explains why a known customer number has no row at closings: when and where the customer was instead. */
export async function explainNoRow(
  db: ReadDb,
  actor: SystemActor,
  { customerNumber, closings }: { customerNumber: string; closings: readonly Closing[] },
): Promise<string> {
  const stays = await listCustomerStays(db, actor, { customerNumber });
  const first = closings[0]?.closesOn;
  const last = closings.at(-1)?.closesOn;
  const requested =
    first === last ? `the closing of ${first}` : `a closing from ${first} to ${last}`;
  const times = stays.map(describeStay).join(', ');
  return `no row for customer "${customerNumber}": there was no supply to them at ${requested}; they were ${times}`;
}

/** The part of a stay during which the supply point was supplied, both days included. */
function describeStay(stay: CustomerStay): string {
  const { supplyPointNumber, openedOn, closedOn, fromOn, toOn } = stay;
  const from = [openedOn, fromOn].sort().at(-1);
  const [end] = [toOn, closedOn].filter((day) => day !== null).sort();
  const until = end === undefined ? 'on' : `to ${addDays(end, -1)}`;
  return `at supply point ${supplyPointNumber} from ${from} ${until}`;
}

/** Changed rows of a run that are described one by one. */
const CHANGES_SHOWN = 20;

/** One line for each run of a file, and one for each row in which it differs from the run that it supersedes. */
export async function describeRuns(
  db: ReadDb,
  actor: SystemActor,
  runs: readonly IssuedRun[],
): Promise<string[]> {
  const lines: string[] = [];
  for (const run of runs) {
    lines.push(describeRun(run));
    if (run.supersedes === null) continue;
    const page = { runId: run.runId, offset: 0, limit: CHANGES_SHOWN };
    const { total, rows } = await listRunChanges(db, actor, page);
    lines.push(`  it supersedes run ${run.supersedes}; rows that changed: ${total}`);
    lines.push(...rows.map((change) => `  ${describeChange(change)}`));
    if (total > rows.length) lines.push(`  … and ${total - rows.length} more`);
  }
  return lines;
}

function describeRun({ runId, closesOn, isNew, counts, checksum, missing }: IssuedRun): string {
  const done = isNew ? 'issued' : 'issued before, and unchanged';
  const changed = counts.remarks['previous-changed'] ?? 0;
  const marked = changed > 0 ? `, ${changed} with 前回値変更` : '';
  const absent = missing ? `; ${missing} occupancies that it should have are in no row` : '';
  return `run ${runId} of ${closesOn}: ${done}, ${counts.total} rows${marked}, sha256 ${checksum.toString('hex')}${absent}`;
}

function describeChange({ customerNumber, before, after, reasons }: ClosingDifference): string {
  return `customer ${customerNumber}: ${reasons.join(', ')}; ${figures(before)} -> ${figures(after)}`;
}

function figures(row: Pick<ClosingRow, 'indexL' | 'usageM3'> | null): string {
  return row === null ? 'no row' : `index ${row.indexL ?? '-'} L, usage ${row.usageM3 ?? '-'} m3`;
}

const REASON_WORDS: Record<CheckReason, string> = {
  none: 'without a reading',
  'no-previous': 'without an earlier reading',
  'index-fell': 'whose register fell',
  'index-missing': 'with an exchange of which a register is missing',
  corrected: 'corrected after the closing',
  implausible: 'whose register rose by more than could have passed the meter',
  'reading-doubtful': 'whose reading is in doubt',
  unvalidated: 'of meters whose readings are not validated yet',
  'previous-changed': 'whose previous value is not what was issued (前回値変更)',
  'previous-missing': 'whose issued meter is not registered there any more',
  'correction-base-changed':
    'whose meter correction is of closings that were issued again with another usage',
  'stuck-register': 'whose register stood still between days of flow (注意)',
  'unlike-season': 'with weeks unlike the same season of other years (注意)',
  'clock-doubt': 'of terminals whose clock was off (注意)',
  'received-later': 'with a register that came after one was entered by hand (注意)',
  'issued-later': 'which a later closing billed already',
  'issued-to-other': 'of which a part was billed to another customer of the place',
  'issued-beyond': 'of customers who were billed beyond their last day',
};

/** Rows to check before billing, by reason; undefined when there is none. A row can have several reasons. */
export function describeToCheck({ toCheck, total, reasons }: ClosingCounts): string | undefined {
  if (toCheck === 0) return undefined;
  const parts = CHECK_REASONS.filter((reason) => reasons[reason] !== undefined).map(
    (reason) => `${reasons[reason]} ${REASON_WORDS[reason]}`,
  );
  return `${toCheck} of ${total} rows to check before billing: ${parts.join(', ')}`;
}

/** What was used at vacant supply points; undefined when nothing was. */
export function describeVacant({
  supplyPoints,
  usageL,
  unknown,
}: VacantCounts): string | undefined {
  if (supplyPoints === 0) return undefined;
  const more = unknown === 0 ? '' : `; of ${unknown} of them a usage is not known`;
  return `${usageL} L are in no row: used at vacant supply points (${supplyPoints})${more}`;
}
