// Replays a file of real readings as the terminals of the supply points where the customer lived, and compares the
// result with what the database then holds.
import { type Kysely, sql } from 'kysely';
import type pg from 'pg';
import { createDatabase, openPool, readAs } from '../../db/client.ts';
import type { Database, GasKind } from '../../db/schema.ts';
import type { SystemActor } from '../../lib/actor.ts';
import { certain } from '../../lib/certain.ts';
import { DomainError } from '../../lib/errors.ts';
import type { ReplayDay, ReplayNote } from '../../lib/replay/replay-file.ts';
import { judgeReplay, type ReplayOutcome } from '../../lib/replay/replay-outcome.ts';
import {
  countQuarantined,
  getLastQuarantineId,
  listStoredDays,
} from '../../lib/replay/replay-queries.ts';
import { ensureKek } from '../kek-file.ts';
import { describeFault } from '../run-command.ts';
import {
  actAsApplication,
  becomeApplication,
  chooseReplayUtility,
  DEMO_UTILITY,
  ensureUtility,
} from '../utility.ts';
import {
  type JudgedFile,
  judgeForCustomer,
  judgeForNobody,
  listTerminalNumbers,
  readReplayFile,
  sectionsOf,
} from './judge-file.ts';
import { openReplayLock } from './replay-lock.ts';
import { ensureSupplyPoint, registerReplaySupplyPoint } from './replay-supply-point.ts';
import { type SupplyPointDays, sendDays } from './send-days.ts';

export interface ReplayOptions {
  adminUrl: string;
  appUrl: string;
  /** URL for the role of the sidecar, which stores the days. */
  ingestUrl: string;
  file: string;
  customerNumber: string;
  /** Gas kind of a new supply point (default: city); that of a registered one has to agree. */
  gasKind?: GasKind | undefined;
  /** Undefined: the only utility there is; without any, the demo's is created. */
  utilityCode?: string | undefined;
  /** Create the utility when none has that code. */
  createUtility?: boolean;
  /** Folder of the key-encryption keys; a missing key of the utility is created. */
  kekDirectory: string;
  /** Folder of the credentials and counters of replayed terminals. */
  stateDirectory: string;
  takeOver?: boolean;
  /** No reading of the file may be later; registrations get this instant. */
  now: Date;
  /** Clock of the sending terminals. */
  clock: () => Date;
  onProgress?: (acknowledged: number, days: number) => void;
  /** Called when another run has this terminal and is waited for. */
  onWait?: (terminalNumber: string) => void;
}

export interface ReplayResult extends ReplayOutcome {
  sent: number;
  quarantined: { reason: string; frames: number }[];
  notes: readonly ReplayNote[];
  registered: readonly string[];
  /** Supply points where the customer lived, in the order of the days. */
  supplyPoints: {
    supplyPointNumber: string;
    terminalNumber: string;
    meterSerial: string;
    days: number;
  }[];
}

/**
 * Replays a file. Nothing is registered or sent unless the whole file is valid, its hours are over and its days are the
 * customer's.
 * @throws DomainError whose message says what to do; when sending failed, also how many days are committed.
 */
export async function replayFile(options: ReplayOptions): Promise<ReplayResult> {
  const adminPool = openPool(options.adminUrl, { applicationName: 'kenshin replay', max: 3 });
  const pool = openPool(options.appUrl, { applicationName: 'kenshin replay', max: 1 });
  const ingestPool = openPool(options.ingestUrl, {
    ...{ applicationName: 'kenshin replay ingest', max: 12 },
  });
  const admin = createDatabase(adminPool);
  try {
    const text = await readReplayFile(options.file);
    const { utilityCode, createUtility: create = false } = options;
    const { code, utilityId: known } = await chooseReplayUtility(admin, {
      code: utilityCode,
      create,
    });
    // Checked before a utility is created, so that an invalid file leaves no trace.
    if (known === undefined) judgeForNobody(text, options);
    const utilityId = known ?? (await ensureUtility(admin, { code, name: nameOf(code) }));
    const actor: SystemActor = { kind: 'system', utilityId, name: 'replay' };
    const onWait = options.onWait ?? (() => undefined);
    const lock = await openReplayLock(adminPool, utilityId, onWait);
    try {
      const numbers = await actAsApplication(admin, utilityId, async (tx) => {
        const { stays } = await judgeForCustomer(tx, actor, text, options);
        return listTerminalNumbers(tx, actor, stays);
      });
      await lock.take(numbers);
      const replay = await register({ admin, actor, options, text, utilityCode: code });
      await lock.take(replay.parts.map(({ supplyPoint }) => supplyPoint.identity.number));
      return await sendAndJudge(replay, { pool, ingestPool, actor, options, onWait });
    } finally {
      lock.release();
    }
  } finally {
    await Promise.all([adminPool, pool, ingestPool].map((each) => each.end()));
  }
}

function nameOf(code: string): string {
  return code === DEMO_UTILITY.code ? DEMO_UTILITY.name : code;
}

interface Registering {
  admin: Kysely<Database>;
  actor: SystemActor;
  options: ReplayOptions;
  text: string;
  utilityCode: string;
}

interface Replay {
  parts: readonly SupplyPointDays[];
  days: readonly ReplayDay[];
  notes: readonly ReplayNote[];
  registered: readonly string[];
}

/** Registers what is missing for the file's days, all of it or nothing; one run of a utility at a time. */
async function register({ admin, actor, options, text, utilityCode }: Registering) {
  const { customerNumber, gasKind = 'city', stateDirectory, takeOver = false, now } = options;
  const kek = await ensureKek(options.kekDirectory, utilityCode);
  const rules = { kek, stateDirectory, takeOver, now };
  return admin.transaction().execute(async (tx): Promise<Replay> => {
    // In the role that owns the schema: the application's may not take advisory locks.
    const key = `kenshin replay registers ${actor.utilityId}`;
    await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx);
    await becomeApplication(tx, actor.utilityId);
    const registered: string[] = [];
    let file: JudgedFile = await judgeForCustomer(tx, actor, text, options);
    if (file.stays.length === 0) {
      const { day } = certain(file.days[0], 'the first day of a sound file');
      await registerReplaySupplyPoint(tx, actor, { customerNumber, gasKind, firstDay: day });
      registered.push('supply point');
      file = await judgeForCustomer(tx, actor, text, options);
    }
    const { days, notes } = file;
    const parts: SupplyPointDays[] = [];
    for (const section of sectionsOf(customerNumber, file)) {
      const supplyPoint = await ensureSupplyPoint(tx, actor, section, { rules, registered, now });
      const { days: own, first, last } = section;
      parts.push({ supplyPoint, days: own, first, last });
    }
    return { parts, days, notes, registered };
  });
}

interface Sending {
  pool: pg.Pool;
  ingestPool: pg.Pool;
  actor: SystemActor;
  options: ReplayOptions;
  onWait: (terminalNumber: string) => void;
}

async function sendAndJudge(replay: Replay, sending: Sending): Promise<ReplayResult> {
  const { parts, days, notes, registered } = replay;
  const { ingestPool, options, onWait } = sending;
  const before = await look(parts, sending);
  let acknowledged = 0;
  const onDay = () => {
    acknowledged += 1;
    options.onProgress?.(acknowledged, days.length);
  };
  const { kekDirectory, clock } = options;
  const failure = await sendDays(parts, { ingestPool, kekDirectory, clock, onWait, onDay }).then(
    () => undefined,
    (error: unknown) => error,
  );
  const outcome = sumOf(await judgeAll(before, sending));
  if (failure) {
    throw new DomainError(
      'unavailable',
      `sending stopped: ${describeFault(failure)}\n${outcome.committed} of ${days.length} days are committed; run the same command again to send the others`,
      { committed: outcome.committed },
    );
  }
  return {
    ...outcome,
    sent: days.length,
    quarantined: await listQuarantined(before, sending),
    notes,
    registered,
    supplyPoints: parts.map(({ supplyPoint, days: { length } }) => ({
      supplyPointNumber: supplyPoint.supplyPointNumber,
      terminalNumber: supplyPoint.identity.number,
      meterSerial: supplyPoint.meter.serial,
      days: length,
    })),
  };
}

/** What the database held of a supply point before its days were sent. */
interface Held {
  part: SupplyPointDays;
  days: Awaited<ReturnType<typeof listStoredDays>>;
  lastQuarantineId: number;
}

function look(parts: readonly SupplyPointDays[], { pool, actor }: Sending): Promise<Held[]> {
  return readAs(createDatabase(pool), actor.utilityId, async (db) => {
    const held: Held[] = [];
    for (const part of parts) {
      const terminalNumber = part.supplyPoint.identity.number;
      held.push({
        part,
        days: await listStoredDays(db, actor, spanOf(part)),
        lastQuarantineId: await getLastQuarantineId(db, actor, { terminalNumber }),
      });
    }
    return held;
  });
}

function spanOf({ supplyPoint, first, last }: SupplyPointDays) {
  return { meterId: supplyPoint.meter.meterId, from: first.day, to: last.day };
}

function judgeAll(before: readonly Held[], { pool, actor }: Sending): Promise<ReplayOutcome[]> {
  return readAs(createDatabase(pool), actor.utilityId, async (db) => {
    const outcomes: ReplayOutcome[] = [];
    for (const { part, days } of before) {
      outcomes.push(judgeReplay(part.days, days, await listStoredDays(db, actor, spanOf(part))));
    }
    return outcomes;
  });
}

function sumOf(outcomes: readonly ReplayOutcome[]): ReplayOutcome {
  const sum = (of: 'committed' | 'added' | 'changed') =>
    outcomes.reduce((total, outcome) => total + outcome[of], 0);
  return {
    committed: sum('committed'),
    added: sum('added'),
    changed: sum('changed'),
    missing: outcomes.flatMap(({ missing }) => missing),
  };
}

/** Frames refused since then, by terminal and reason. */
function listQuarantined(before: readonly Held[], { pool, actor }: Sending) {
  return readAs(createDatabase(pool), actor.utilityId, async (db) => {
    const counts = [];
    for (const { part, lastQuarantineId: afterId } of before) {
      const terminalNumber = part.supplyPoint.identity.number;
      counts.push(...(await countQuarantined(db, actor, { terminalNumber, afterId })));
    }
    return counts;
  });
}
