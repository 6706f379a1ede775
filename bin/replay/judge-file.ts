// Checks a replay file as a whole, against the clock and the register, before anything is registered or sent.
import { readFile } from 'node:fs/promises';
import type { GasKind, ReadDb } from '../../db/schema.ts';
import type { SystemActor } from '../../lib/actor.ts';
import { codeOf, DomainError, type FieldFault, messageOf } from '../../lib/errors.ts';
import { textOfFile } from '../../lib/office-file/file-text.ts';
import {
  type CustomerStay,
  listCustomerStays,
  listSupplyPointMeters,
  listSupplyPointTerminals,
} from '../../lib/register/stay-queries.ts';
import {
  describeFault,
  parseReplayFile,
  type ReplayDay,
  type ReplayFault,
  type ReplayNote,
} from '../../lib/replay/replay-file.ts';
import type { ReplayStay } from '../../lib/replay/replay-stay.ts';
import { isReplaySupplyPoint, REPLAY_DIAL_L, type Section } from './replay-supply-point.ts';

const FAULTS_SHOWN = 20;

export interface JudgeOptions {
  file: string;
  customerNumber: string;
  gasKind?: GasKind | undefined;
  now: Date;
}

export interface JudgedFile {
  days: readonly ReplayDay[];
  notes: readonly ReplayNote[];
  /** The customer's stays, in the order of their days. */
  stays: readonly CustomerStay[];
}

/** @throws DomainError `not_found` that names the file */
export async function readReplayFile(file: string): Promise<string> {
  try {
    return textOfFile(await readFile(file));
  } catch (error) {
    const cause = codeOf(error) ?? messageOf(error);
    throw new DomainError('not_found', `${file} cannot be read (${cause}): check the path`);
  }
}

/** Checks the file alone, for a utility that is yet to be created. @throws DomainError `invalid_input` */
export function judgeForNobody(text: string, options: JudgeOptions): void {
  judge(text, options, []);
}

function judge(text: string, { file, now }: JudgeOptions, stays: readonly ReplayStay[]) {
  const result = parseReplayFile(text, { stays, dialL: REPLAY_DIAL_L, now });
  if (result.ok) return result;
  const faults = result.faults.map(describeFault);
  const more = faults.length - FAULTS_SHOWN;
  throw new DomainError(
    'invalid_input',
    [
      `${file} was refused; nothing was registered or sent:`,
      ...faults.slice(0, FAULTS_SHOWN).map((fault) => `  ${fault}`),
      ...(more > 0 ? [`  … and ${more} more`] : []),
    ].join('\n'),
    { faults: result.faults.map(fieldOf) },
  );
}

/** A fault as a field: `3.2` is line 3, column 2. */
function fieldOf({ line, column, message }: ReplayFault): FieldFault {
  return { field: column === undefined ? `${line}` : `${line}.${column}`, message };
}

/**
 * Checks the file against the customer's stays in the register. For an unknown customer any day is valid.
 * @throws DomainError `invalid_input` with line and column of each fault, `conflict` for another gas kind
 */
export async function judgeForCustomer(
  db: ReadDb,
  actor: SystemActor,
  text: string,
  options: JudgeOptions,
): Promise<JudgedFile> {
  const { customerNumber, gasKind } = options;
  const stays = await listCustomerStays(db, actor, { customerNumber });
  const rules: ReplayStay[] = [];
  for (const stay of stays) {
    rules.push({
      fromOn: stay.fromOn,
      toOn: stay.toOn,
      dialL: (await listSupplyPointMeters(db, actor, stay)).at(-1)?.dialL ?? REPLAY_DIAL_L,
      mayBeginEarlier:
        stays.length === 1 && isReplaySupplyPoint(stay) && stay.fromOn === stay.openedOn,
    });
  }
  const file = judge(text, options, rules);
  const used = new Set(file.days.map(({ stay }) => stay));
  const other = stays.find((stay, i) => used.has(i) && gasKind && stay.gasKind !== gasKind);
  if (other) {
    throw new DomainError(
      'conflict',
      `customer number ${customerNumber} has ${other.gasKind} gas in the register: give --gas ${other.gasKind}`,
    );
  }
  return { ...file, stays };
}

/** Numbers of the terminals that may still sign in at the customer's supply points. */
export async function listTerminalNumbers(
  db: ReadDb,
  actor: SystemActor,
  stays: readonly CustomerStay[],
): Promise<string[]> {
  const numbers = new Set<string>();
  for (const stay of stays) {
    for (const { number } of await listSupplyPointTerminals(db, actor, stay)) numbers.add(number);
  }
  return [...numbers];
}

/** The file's days by stay; stays without days are left out. */
export function sectionsOf(
  customerNumber: string,
  { stays, days }: { stays: readonly CustomerStay[]; days: readonly ReplayDay[] },
): Section[] {
  return stays.flatMap((stay, i) => {
    const own = days.filter((day) => day.stay === i);
    const isLatest = i === stays.length - 1;
    const [first] = own;
    const last = own.at(-1);
    return first && last ? [{ customerNumber, stay, isLatest, days: own, first, last }] : [];
  });
}
