// Register entries for a replay: existing ones are used, missing ones registered.
import { createHash } from 'node:crypto';
import type { GasKind, Tx } from '../../db/schema.ts';
import type { TerminalIdentity } from '../../ingest/simulator/terminal.ts';
import type { SystemActor } from '../../lib/actor.ts';
import { certain } from '../../lib/certain.ts';
import { DomainError } from '../../lib/errors.ts';
import { beginEarlier } from '../../lib/register/begin-earlier-commands.ts';
import { fitMeter, registerMeter } from '../../lib/register/meter-commands.ts';
import {
  type CustomerStay,
  listSupplyPointMeters,
  listSupplyPointTerminals,
  type SupplyPointMeter,
  type SupplyPointTerminal,
} from '../../lib/register/stay-queries.ts';
import {
  moveIn,
  registerArea,
  registerSupplyPoint,
} from '../../lib/register/supply-point-commands.ts';
import type { ReplayDay } from '../../lib/replay/replay-file.ts';
import { fitTerminal, registerTerminal } from '../../lib/terminals/terminal-commands.ts';
import { dayOf, instantOf } from '../../lib/time.ts';
import { type CredentialRules, holdTerminal, keepTerminal } from './replay-credentials.ts';

/** 99,999.999 m³. */
export const REPLAY_DIAL_L = 100_000_000;
const CLOSES_AT_MONTH_END = 31;
const AREAS = {
  city: { name: '検針値再生(都市ガス)', pressureMinPa: 1000, pressureMaxPa: 2500 },
  lp: { name: '検針値再生(LPガス)', pressureMinPa: 2300, pressureMaxPa: 3300 },
} as const;

/** Days of a file, oldest first, at least one. */
export interface FileDays {
  days: readonly ReplayDay[];
  first: ReplayDay;
  last: ReplayDay;
}

/** Days of a file at one supply point. */
export interface Section extends FileDays {
  customerNumber: string;
  stay: CustomerStay;
  /** True when the customer has no later stay: only then may the begin of a fitting be moved. */
  isLatest: boolean;
}

export interface ReplaySupplyPoint {
  supplyPointNumber: string;
  meter: SupplyPointMeter;
  identity: TerminalIdentity;
  /** Path of the terminal's counters. */
  stateFile: string;
}

/** True for a supply point that a replay registered, whose begin is only the first day of a file. */
export function isReplaySupplyPoint({ areaCode }: CustomerStay): boolean {
  return areaCode === 'replay-city' || areaCode === 'replay-lp';
}

/** Registers a supply point for a customer without any stay, in an area for replayed supply points. */
export async function registerReplaySupplyPoint(
  tx: Tx,
  actor: SystemActor,
  customer: { customerNumber: string; gasKind: GasKind; firstDay: string },
): Promise<void> {
  const { gasKind, customerNumber, firstDay } = customer;
  const code = `replay-${gasKind}`;
  const area = await tx
    .selectFrom('area')
    .select('area_id')
    .where('utility_id', '=', actor.utilityId)
    .where('code', '=', code)
    .executeTakeFirst();
  const areaId =
    area?.area_id ?? (await registerArea(tx, actor, { code, gasKind, ...AREAS[gasKind] }));
  const supplyPointId = await registerSupplyPoint(tx, actor, {
    number: `R-${digits(actor, customerNumber, 10)}`,
    areaId,
    closingDay: CLOSES_AT_MONTH_END,
    openedOn: firstDay,
  });
  await moveIn(tx, actor, { supplyPointId, customerNumber, fromOn: firstDay });
}

interface Registering {
  /** What was registered, in words. */
  registered: string[];
  now: Date;
}

/**
 * Registers what a supply point lacks for its days and returns the meter and the terminal to report as; adds what was
 * done to `registered`.
 */
export async function ensureSupplyPoint(
  tx: Tx,
  actor: SystemActor,
  section: Section,
  { rules, ...registering }: Registering & { rules: CredentialRules },
): Promise<ReplaySupplyPoint> {
  const { stay } = section;
  const { registered } = registering;
  if (await beginsTooLate(tx, actor, section)) {
    const { customerNumber, first } = section;
    const fromOn = first.day;
    await beginEarlier(tx, actor, { customerNumber, fromOn });
    registered.push(`earlier begin (${fromOn})`);
  }
  const meter =
    choose(await listSupplyPointMeters(tx, actor, stay), section, 'meter') ??
    (await registerOwnMeter(tx, actor, section, registering));
  const terminal = choose(await listSupplyPointTerminals(tx, actor, stay), section, 'terminal');
  const { renewed, ...held } = terminal
    ? await holdTerminal(tx, actor, terminal, rules)
    : await registerOwnTerminal(tx, actor, section, { rules, ...registering });
  if (renewed) registered.push(renewed);
  return { supplyPointNumber: stay.supplyPointNumber, meter, ...held };
}

/** True when stay, meter or terminal begins after the section's first reading and the begin may be moved. */
async function beginsTooLate(tx: Tx, actor: SystemActor, section: Section): Promise<boolean> {
  if (!section.isLatest) return false;
  const { stay } = section;
  if (stay.fromOn > section.first.day) return true;
  const fittings = [
    ...(await listSupplyPointMeters(tx, actor, stay)),
    ...(await listSupplyPointTerminals(tx, actor, stay)),
  ];
  const { beginAt } = spanOf(section);
  return fittings.some(
    ({ fromAt, toAt }) => fromAt > beginAt && toAt === null && isAlone(fittings, { fromAt }),
  );
}

/** True when no fitting ended before `fromAt`, so that nothing else was fitted then. */
function isAlone(fittings: readonly Fitting[], { fromAt }: Pick<Fitting, 'fromAt'>): boolean {
  return !fittings.some(({ toAt }) => toAt !== null && toAt <= fromAt);
}

interface Fitting {
  fromAt: Date;
  toAt: Date | null;
}

/** From the first reading of a section's first day to the last reading of its last day. */
function spanOf({ first, last }: Section): { beginAt: Date; endAt: Date } {
  const isRead = (index: number | null) => index !== null;
  const firstHour = first.indexL.findIndex(isRead) + 1 || 24;
  const lastHour = last.indexL.findLastIndex(isRead) + 1 || 1;
  const beginAt = instantOf(first.day, firstHour);
  const endAt = instantOf(last.day, lastHour);
  return { beginAt, endAt: new Date(Math.max(beginAt.getTime(), endAt.getTime())) };
}

/**
 * The fitting that was present from a section's first reading to its last; undefined when none was present at any time.
 * @throws DomainError `conflict` when one was present for a part of that time
 */
function choose<T extends SupplyPointMeter | SupplyPointTerminal>(
  fittings: readonly T[],
  section: Section,
  kind: 'meter' | 'terminal',
): T | undefined {
  const { beginAt, endAt } = spanOf(section);
  const there = fittings.filter(
    ({ fromAt, toAt }) => fromAt <= endAt && (toAt === null || toAt > beginAt),
  );
  const whole = there.find(
    ({ fromAt, toAt }) => fromAt <= beginAt && (toAt === null || toAt >= endAt),
  );
  if (whole || there.length === 0) return whole;
  const { customerNumber, stay, first, last } = section;
  const times = there.map((fitting) => {
    const { fromAt, toAt } = fitting;
    const name = 'serial' in fitting ? fitting.serial : fitting.number;
    return `${kind} ${name} from ${dayOf(fromAt)}${toAt ? ` to ${dayOf(toAt)}` : ''}`;
  });
  throw new DomainError(
    'conflict',
    `replay cannot follow customer ${customerNumber} to supply point ${stay.supplyPointNumber} from ${first.day} to ${last.day}: there was ${times.join(', ')}; give the days of each in a file of their own`,
  );
}

async function registerOwnMeter(
  tx: Tx,
  actor: SystemActor,
  { stay, first }: Section,
  { registered, now }: Registering,
): Promise<SupplyPointMeter> {
  const { gasKind, supplyPointId } = stay;
  const own = await freeDigits(actor, stay, 11, (text) => hasMeter(tx, actor, `8${text}`));
  const serial = `8${own}`;
  const fittedAt = instantOf(first.day, 0);
  await registerMeter(tx, actor, { serial, gasKind, size: 6, dialL: REPLAY_DIAL_L });
  const meterId = await fitMeter(tx, actor, { now, serial, supplyPointId, fittedAt });
  registered.push('meter');
  return { meterId, serial, dialL: REPLAY_DIAL_L, fromAt: fittedAt, toAt: null };
}

async function registerOwnTerminal(
  tx: Tx,
  actor: SystemActor,
  { stay, first }: Section,
  { rules, registered, now }: Registering & { rules: CredentialRules },
) {
  const { supplyPointId } = stay;
  const own = await freeDigits(actor, stay, 14, (text) => hasTerminal(tx, actor, `88${text}`));
  const number = `88${own}`;
  const issued = await registerTerminal(tx, actor, {
    number,
    model: 'external',
    reportMinute: 0,
    reportWindowMinutes: 1440,
    kek: rules.kek,
  });
  await fitTerminal(tx, actor, { now, number, supplyPointId, fromAt: instantOf(first.day, 0) });
  registered.push('terminal');
  const there = await listSupplyPointTerminals(tx, actor, stay);
  const fitted = there.find((terminal) => terminal.number === number);
  return keepTerminal(certain(fitted, `terminal ${number}, just fitted,`), issued, rules);
}

/** Digits derived from the supply point's number; with the prefix they are not yet taken. */
async function freeDigits(
  actor: SystemActor,
  { supplyPointNumber }: CustomerStay,
  count: number,
  isTaken: (digits: string) => Promise<boolean>,
): Promise<string> {
  for (let again = 0; ; again += 1) {
    const text = again === 0 ? supplyPointNumber : `${supplyPointNumber} ${again}`;
    const candidate = digits(actor, text, count);
    if (!(await isTaken(candidate))) return candidate;
  }
}

function hasMeter(tx: Tx, { utilityId }: SystemActor, serial: string): Promise<boolean> {
  return tx
    .selectFrom('meter')
    .select('meter_id')
    .where('utility_id', '=', utilityId)
    .where('serial', '=', serial)
    .executeTakeFirst()
    .then((row) => row !== undefined);
}

function hasTerminal(tx: Tx, { utilityId }: SystemActor, number: string): Promise<boolean> {
  return tx
    .selectFrom('terminal')
    .select('terminal_id')
    .where('utility_id', '=', utilityId)
    .where('number', '=', number)
    .executeTakeFirst()
    .then((row) => row !== undefined);
}

/** Digits derived from a text within a utility: the same on every run. */
function digits(actor: SystemActor, text: string, count: number): string {
  const hash = createHash('sha256').update(`${actor.utilityId} ${text}`).digest();
  return String(hash.readBigUInt64BE() % 10n ** BigInt(count)).padStart(count, '0');
}
