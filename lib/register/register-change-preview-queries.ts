// Preview of a change of a supply point: its closings and vacant stretches, computed by the queries of the closing itself,
// with the register as it would be. Nothing is written. Usage in litres; days are JST.
import { type RawBuilder, sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireCapability } from '../actor.ts';
import { closingsSince, nextClosing } from '../closing/closing-history.ts';
import type { ClosingRow } from '../closing/closing-row.ts';
import { listRowsAsIf, listVacantAsIf } from '../closing/supply-point-as-if-queries.ts';
import type { VacantStretch } from '../closing/vacant-usage.ts';
import { daysBetween, instantOf } from '../time.ts';
import type { Answer } from '../wire.ts';
import { type FittingChange, isFittingChange } from './fitting-change.ts';
import { fittingEffect, NO_FITTING_EFFECT, tablesAfter } from './fitting-preview-queries.ts';
import { registerAfter, type SupplyPointRegister } from './register-change.ts';
import {
  type ChangePlan,
  getChangePlan,
  getSupplyPointRegister,
  type RegisterChangeInput,
} from './register-change-plan-queries.ts';
import type { RegisterChangePreviewWire } from './register-change-wire.ts';

type Preview = Answer<typeof RegisterChangePreviewWire>;

/** Closings that are looked at: the first ones that the change concerns, and the last ones with the one to come. */
const FIRST_CLOSINGS = 2;
const LAST_CLOSINGS = 12;
/** Closings of sixteen years. */
const MAX_CLOSINGS = 200;

/** Effects of the change if it were registered. Errors: those of getChangePlan; forbidden. */
export async function previewRegisterChange(
  db: ReadDb,
  actor: Actor,
  input: RegisterChangeInput,
): Promise<Preview> {
  requireCapability(actor, 'register.change');
  const plan = await getChangePlan(db, actor, input);
  const { now } = input;
  const after = registerAfter(plan.was, plan.change);
  const { change } = plan;
  const shown = isFittingChange(change)
    ? await fittingFigures(db, actor, { plan, change, now })
    : await figuresOfBoth(db, actor, { plan, after, now });
  const effect = isFittingChange(change)
    ? await fittingEffect(db, actor, { ...plan, change, now })
    : NO_FITTING_EFFECT;
  return {
    ...{ kind: change.kind, holdsFrom: plan.holdsFrom },
    ...{ months: effect.months, doubts: effect.doubts, warnings: effect.warnings },
    closings: changedRows(shown, now),
    vacant: changedStretches(shown),
    next: { before: nextOf(plan.was, now), after: nextOf(after, now) },
    filed: await listFiled(db, plan),
    isCut: shown.before.isCut || shown.after.isCut || effect.isCut,
  };
}

interface Figures {
  rows: { closesOn: string; row: ClosingRow }[];
  stretches: VacantStretch[];
  /** True when closings were passed over. */
  isCut: boolean;
}

async function figuresOfBoth(
  db: ReadDb,
  actor: Actor,
  { plan, after, now }: { plan: ChangePlan; after: SupplyPointRegister; now: Date },
): Promise<Both<Figures>> {
  const from = { fromOn: plan.affectsFrom, now };
  return {
    before: await figuresOf(db, actor, { register: plan.was, ...from }),
    after: await figuresOf(db, actor, { register: after, ...from }),
  };
}

/** A change of size and dial concerns every supply point at which the meter was; others the supply point itself. */
async function fittingFigures(
  db: ReadDb,
  actor: Actor,
  { plan, change, now }: { plan: ChangePlan; change: FittingChange; now: Date },
): Promise<Both<Figures>> {
  const shown = { before: noFigures(), after: noFigures() };
  for (const supplyPointId of placesOf(plan)) {
    const register = await getSupplyPointRegister(db, actor, { supplyPointId });
    const tables = await tablesAfter(db, actor, { supplyPointId, change });
    const from = { register, fromOn: plan.affectsFrom, now };
    addFigures(shown.before, await figuresOf(db, actor, from));
    addFigures(shown.after, await figuresOf(db, actor, { ...from, tables }));
  }
  return shown;
}

function placesOf({ was, change }: ChangePlan): readonly number[] {
  return change.kind === 'meter-corrected' ? change.supplyPointIds : [was.supplyPointId];
}

function noFigures(): Figures {
  return { rows: [], stretches: [], isCut: false };
}

function addFigures(sum: Figures, { rows, stretches, isCut }: Figures): void {
  sum.rows.push(...rows);
  sum.stretches.push(...stretches);
  sum.isCut ||= isCut;
}

interface FiguresInput {
  register: SupplyPointRegister;
  fromOn: string;
  now: Date;
  tables?: RawBuilder<unknown>;
}

async function figuresOf(
  db: ReadDb,
  actor: Actor,
  { register, fromOn, now, tables }: FiguresInput,
): Promise<Figures> {
  const all = closingsSince(register, { fromOn, now, limit: MAX_CLOSINGS });
  const isCut = all.length > FIRST_CLOSINGS + LAST_CLOSINGS;
  const closings = isCut ? [...all.slice(0, FIRST_CLOSINGS), ...all.slice(-LAST_CLOSINGS)] : all;
  const figures: Figures = { rows: [], stretches: [], isCut };
  for (const closing of closings) {
    const rows = await listRowsAsIf(db, actor, { register, closing, now, tables });
    figures.rows.push(...rows.map((row) => ({ closesOn: closing.closesOn, row })));
    figures.stretches.push(...(await listVacantAsIf(db, actor, { register, closing, tables })));
  }
  return figures;
}

interface Both<T> {
  before: T;
  after: T;
}

/** Rows of the same closing and customer number side by side, where they differ. */
function changedRows({ before, after }: Both<Figures>, now: Date): Preview['closings'] {
  const keyOf = ({ closesOn, row }: Figures['rows'][number]) =>
    JSON.stringify([closesOn, row.customerNumber]);
  const find = ({ rows }: Figures, key: string) => rows.filter((each) => keyOf(each) === key);
  const keys = [...new Set([...before.rows, ...after.rows].map(keyOf))].sort();
  return keys.flatMap((key) => {
    const [closesOn, customerNumber] = JSON.parse(key) as [string, string];
    const [was, is] = [find(before, key), find(after, key)];
    // A customer number can have two stays in a period, each with its row.
    return Array.from({ length: Math.max(was.length, is.length) }, (_, at) => ({
      ...{ closesOn, customerNumber, isToCome: instantOf(closesOn, 24) > now },
      ...{ before: billed(was[at]?.row), after: billed(is[at]?.row) },
    })).filter((row) => JSON.stringify(row.before) !== JSON.stringify(row.after));
  });
}

function billed(row: ClosingRow | undefined): Preview['closings'][number]['before'] {
  if (!row) return null;
  const { kind, closesOn, usageL, usageM3, quality, remarks } = row;
  return { kind, closesOn, usageL, usageM3, quality, remarks };
}

function changedStretches({ before, after }: Both<Figures>): Preview['vacant'] {
  const all = [...before.stretches, ...after.stretches];
  const closings = [...new Set(all.map(({ closesOn }) => closesOn))].sort();
  return closings
    .map((closesOn) => ({
      ...{ closesOn, before: vacantOf(before, closesOn), after: vacantOf(after, closesOn) },
    }))
    .filter((each) => JSON.stringify(each.before) !== JSON.stringify(each.after));
}

function vacantOf({ stretches }: Figures, closesOn: string): Preview['vacant'][number]['before'] {
  const own = stretches.filter((each) => each.closesOn === closesOn);
  if (own.length === 0) return null;
  const isKnown = own.every(({ usageL }) => usageL !== null);
  return {
    days: own.reduce((days, { fromOn, toOn }) => days + daysBetween(fromOn, toOn) + 1, 0),
    usageL: isKnown ? own.reduce((litres, { usageL }) => litres + (usageL ?? 0), 0) : null,
  };
}

function nextOf(register: SupplyPointRegister, now: Date): Preview['next']['before'] {
  const { closesOn, previousOn } = nextClosing(register, now);
  return { closesOn, previousOn, days: daysBetween(previousOn, closesOn) };
}

/** Closings that the change concerns of which a file was made, in order. */
async function listFiled(db: ReadDb, plan: ChangePlan): Promise<Preview['filed']> {
  const { was, change } = plan;
  const isFitting = isFittingChange(change);
  if (!('stay' in change) && change.kind !== 'closing-day' && !isFitting) return [];
  const other = change.kind === 'closing-day' ? change.closingDay : null;
  const places = isFitting ? placesOf(plan) : [was.supplyPointId];
  const { rows } = await sql<Preview['filed'][number]>`
    select f.closes_on as "closesOn", min(f.begun_at) as "begunAt"
    from unnest(${[...places]}::integer[]) p
    cross join lateral closing_files_over(p, ${plan.affectsFrom}::date, 0, ${other}::integer) f
    group by f.closes_on order by f.closes_on`.execute(db);
  return rows;
}
