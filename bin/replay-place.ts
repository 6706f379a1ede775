// Where a replayed register stands: what the register has of the customer number is used, what is missing is registered.
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { GasKind, Tx } from '../db/schema.ts';
import { writeWhole } from '../ingest/simulator/fleet-file.ts';
import type { TerminalIdentity } from '../ingest/simulator/terminal.ts';
import type { SystemActor } from '../lib/actor.ts';
import { DomainError } from '../lib/errors.ts';
import type { Kek } from '../lib/keys/kek.ts';
import { matchesTerminalSecret } from '../lib/keys/terminal-secret.ts';
import { beginEarlier } from '../lib/meters/begin-earlier-commands.ts';
import { moveIn, registerArea, registerSupplyPoint } from '../lib/meters/commands.ts';
import { fitMeter, registerMeter } from '../lib/meters/meter-commands.ts';
import { type CustomerPlace, findCustomerPlace } from '../lib/meters/place-queries.ts';
import {
  fitTerminal,
  registerTerminal,
  reissueTerminal,
  type TerminalCredentials,
} from '../lib/terminals/commands.ts';
import { instantOf } from '../lib/time.ts';

/** 99,999.999 m³. */
export const REPLAY_DIAL_L = 100_000_000;
const CLOSES_AT_MONTH_END = 31;
const AREAS = {
  city: { name: '検針値再生(都市ガス)', pressureMinPa: 1000, pressureMaxPa: 2500 },
  lp: { name: '検針値再生(LPガス)', pressureMinPa: 2300, pressureMaxPa: 3300 },
} as const;

export interface PlaceInput {
  customerNumber: string;
  gasKind: GasKind;
  /** The first day that is replayed. */
  firstDay: string;
  kek: Kek;
  /** Folder of the credentials of replayed terminals. */
  stateDirectory: string;
  /** Give a terminal that already reports new credentials. */
  takeOver: boolean;
}

export interface ReplayPlace {
  meter: NonNullable<CustomerPlace['meter']>;
  identity: TerminalIdentity;
  /** Where the terminal's counters are kept. */
  stateFile: string;
  /** What was registered for this replay, in words. */
  registered: string[];
}

/** Registers what is missing and yields the meter and a terminal to report as. */
export async function ensurePlace(
  tx: Tx,
  actor: SystemActor,
  input: PlaceInput,
): Promise<ReplayPlace> {
  const registered: string[] = [];
  const { customerNumber, firstDay } = input;
  let place = await findCustomerPlace(tx, actor, { customerNumber });
  if (place && place.gasKind !== input.gasKind) {
    throw new DomainError(
      'conflict',
      `customer number ${customerNumber} has ${place.gasKind} gas in the register: give --gas ${place.gasKind}`,
    );
  }
  if (!place) {
    await registerSupply(tx, actor, input);
    registered.push('supply point');
  } else if (beginsLater(place, firstDay)) {
    await beginEarlier(tx, actor, { customerNumber, fromOn: firstDay });
    registered.push(`earlier begin (${firstDay})`);
  }
  place = await getPlace(tx, actor, customerNumber);
  if (!place.meter) {
    await registerOwnMeter(tx, actor, input, place.supplyPointId);
    registered.push('meter');
  }
  const identity = await ensureTerminal(tx, actor, input, { place, registered });
  place = await getPlace(tx, actor, customerNumber);
  const stateFile = `${baseOf(input.stateDirectory, place.terminal!)}.state.json`;
  return { meter: place.meter!, identity, stateFile, registered };
}

async function getPlace(tx: Tx, actor: SystemActor, customerNumber: string) {
  const place = await findCustomerPlace(tx, actor, { customerNumber });
  if (place) return place;
  throw new DomainError('not_found', `customer number ${customerNumber} is not registered`);
}

function beginsLater(place: CustomerPlace, firstDay: string): boolean {
  const begin = instantOf(firstDay, 0);
  return (
    place.openedOn > firstDay ||
    place.occupiedFrom > firstDay ||
    (place.meter !== null && place.meter.fittedAt > begin) ||
    (place.terminal !== null && place.terminal.fromAt > begin)
  );
}

async function registerSupply(tx: Tx, actor: SystemActor, input: PlaceInput): Promise<void> {
  const { gasKind, customerNumber, firstDay } = input;
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

async function registerOwnMeter(
  tx: Tx,
  actor: SystemActor,
  { customerNumber, gasKind, firstDay }: PlaceInput,
  supplyPointId: number,
): Promise<void> {
  const serial = `8${digits(actor, customerNumber, 11)}`;
  await registerMeter(tx, actor, { serial, gasKind, size: 6, dialL: REPLAY_DIAL_L });
  await fitMeter(tx, actor, { serial, supplyPointId, fittedAt: instantOf(firstDay, 0) });
}

/** Digits that stand for a customer number of a utility: the same on every run, unlike any other's. */
function digits(actor: SystemActor, customerNumber: string, count: number): string {
  const hash = createHash('sha256').update(`${actor.utilityId} ${customerNumber}`).digest();
  return String(hash.readBigUInt64BE() % 10n ** BigInt(count)).padStart(count, '0');
}

async function ensureTerminal(
  tx: Tx,
  actor: SystemActor,
  input: PlaceInput,
  { place, registered }: { place: CustomerPlace; registered: string[] },
): Promise<TerminalIdentity> {
  const { kek, customerNumber } = input;
  const store = credentialStore(input.stateDirectory);
  if (!place.terminal) {
    const number = `88${digits(actor, customerNumber, 14)}`;
    const window = { reportMinute: 0, reportWindowMinutes: 1440 };
    const issued = await registerTerminal(tx, actor, { number, model: 'external', ...window, kek });
    const fromAt = instantOf(input.firstDay, 0);
    await fitTerminal(tx, actor, { number, supplyPointId: place.supplyPointId, fromAt });
    registered.push('terminal');
    const { terminal } = await getPlace(tx, actor, customerNumber);
    return store.keep(terminal!, issued);
  }
  const { number, secretHash, lastCounter } = place.terminal;
  const held = await store.find(place.terminal);
  if (
    held &&
    matchesTerminalSecret(held.secret, secretHash) &&
    (await isLive(tx, place, held, kek))
  ) {
    return held;
  }
  if (lastCounter > 0 && !input.takeOver) {
    throw new DomainError(
      'conflict',
      `terminal ${number} of customer number ${customerNumber} reports already, and its credentials are not here: choose another customer number, or give --take-over to issue new ones, with which the present holder can no longer sign in`,
    );
  }
  registered.push('new credentials of the terminal');
  return store.keep(place.terminal, await reissueTerminal(tx, actor, { number, kek }));
}

/** Whether the register's live key is the one held, wrapped under the present key-encryption key. */
async function isLive(
  tx: Tx,
  { terminal }: CustomerPlace,
  held: TerminalIdentity,
  kek: Kek,
): Promise<boolean> {
  const key = await tx
    .selectFrom('terminal_key')
    .select('kek_id')
    .where('terminal_id', '=', terminal!.terminalId)
    .where('generation', '=', held.generation)
    .where('retired_at', 'is', null)
    .executeTakeFirst();
  return key?.kek_id === kek.id;
}

const Credentials = z.object({
  secret: z.string(),
  key: z.string().regex(/^[0-9a-f]{64}$/),
  generation: z.number().int(),
});

type Registration = Pick<NonNullable<CustomerPlace['terminal']>, 'number' | 'registeredAt'>;

/** The same customer number in another database has the same terminal number, but was registered at another time. */
function baseOf(directory: string, { number, registeredAt }: Registration): string {
  return join(directory, `${number}-${registeredAt.getTime()}`);
}

/** One file per terminal, readable by its owner alone. */
function credentialStore(directory: string) {
  const fileOf = (of: Registration) => `${baseOf(directory, of)}.credentials.json`;
  return {
    async find(of: Registration): Promise<TerminalIdentity | undefined> {
      let text: string;
      try {
        text = await readFile(fileOf(of), 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
      const { secret, key, generation } = Credentials.parse(JSON.parse(text));
      return { number: of.number, secret, key: Buffer.from(key, 'hex'), generation };
    },
    async keep(of: Registration, issued: TerminalCredentials): Promise<TerminalIdentity> {
      const { secret, key, generation } = issued;
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const stored = { secret, key: key.toString('hex'), generation };
      await writeWhole(fileOf(of), `${JSON.stringify(stored)}\n`);
      return { number: of.number, secret, key, generation };
    },
  };
}
