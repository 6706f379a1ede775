// Replays a file of real readings: as the terminal of the customer number, frame by frame through a sidecar of its own,
// and judges the result by what the database holds afterwards.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, openPool, readAs } from '../db/client.ts';
import type { GasKind } from '../db/schema.ts';
import { createLog } from '../ingest/log.ts';
import { openFleetState } from '../ingest/simulator/fleet-state.ts';
import { createOutbox } from '../ingest/simulator/outbox.ts';
import { runSession, type Sleeper } from '../ingest/simulator/session.ts';
import { createTerminal } from '../ingest/simulator/terminal.ts';
import { startIngest } from '../ingest/start.ts';
import type { SystemActor } from '../lib/actor.ts';
import { DomainError } from '../lib/errors.ts';
import { keksFromDirectory } from '../lib/keys/kek-provider.ts';
import { findCustomerPlace } from '../lib/meters/place-queries.ts';
import { countQuarantined, getLastQuarantineId, listStoredDays } from '../lib/replay/queries.ts';
import {
  describeFault,
  parseReplayFile,
  type ReplayDay,
  type ReplayNote,
} from '../lib/replay/replay-file.ts';
import { judgeReplay, type ReplayOutcome } from '../lib/replay/replay-outcome.ts';
import { dayOf } from '../lib/time.ts';
import { ensureKek } from './kek-file.ts';
import { ensurePlace, REPLAY_DIAL_L, type ReplayPlace } from './replay-place.ts';
import { actAsApplication, DEMO_UTILITY, ensureUtility } from './utility.ts';

const NO_PRESSURE = new Array<null>(24).fill(null);
const ATTEMPTS = 4;
const RETRY_DELAY_MS = 1_000;
const LISTEN_MS = 50;
const FAULTS_SHOWN = 20;

export interface ReplayOptions {
  adminUrl: string;
  appUrl: string;
  file: string;
  customerNumber: string;
  gasKind: GasKind;
  utilityCode: string;
  /** Folder of the key-encryption keys; the utility's is made where it is missing. */
  kekDirectory: string;
  /** Folder of the credentials and counters of replayed terminals. */
  stateDirectory: string;
  takeOver?: boolean;
  onProgress?: (acknowledged: number, days: number) => void;
}

export interface ReplayResult extends ReplayOutcome {
  sent: number;
  quarantined: { reason: string; frames: number }[];
  notes: readonly ReplayNote[];
  registered: readonly string[];
  terminalNumber: string;
  meterSerial: string;
}

/**
 * Replays a file. Nothing is registered or sent unless the whole file is sound.
 * @throws DomainError whose message says what to do; when sending failed, also how many days are committed.
 */
export async function replayFile(options: ReplayOptions): Promise<ReplayResult> {
  const adminPool = openPool(options.adminUrl, { applicationName: 'kenshin replay', max: 2 });
  const pool = openPool(options.appUrl, { applicationName: 'kenshin replay ingest', max: 12 });
  const admin = createDatabase(adminPool);
  try {
    const text = await readReplayFile(options.file);
    // Judged by the usual dial first, so that a broken file leaves no trace, not even a utility.
    parsed(text, options, REPLAY_DIAL_L);
    const { utilityCode: code } = options;
    const utilityId = await ensureUtility(admin, {
      code,
      name: code === DEMO_UTILITY.code ? DEMO_UTILITY.name : code,
    });
    const actor: SystemActor = { kind: 'system', utilityId, name: 'replay' };
    const kek = await ensureKek(options.kekDirectory, code);
    const { place, file } = await actAsApplication(admin, utilityId, async (tx) => {
      const { customerNumber } = options;
      const known = await findCustomerPlace(tx, actor, { customerNumber });
      const file = parsed(text, options, known?.meter?.dialL ?? REPLAY_DIAL_L);
      const place = await ensurePlace(tx, actor, {
        ...options,
        kek,
        firstDay: file.days[0]!.day,
        takeOver: options.takeOver ?? false,
      });
      return { place, file };
    });
    const db = createDatabase(pool);
    return await sendAndJudge({ options, pool, db, actor, place, ...file });
  } finally {
    await Promise.all([adminPool.end(), pool.end()]);
  }
}

async function readReplayFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DomainError('not_found', `${file} cannot be read (${code}): check the path`);
  }
}

function parsed(text: string, { file }: ReplayOptions, dialL: number) {
  const result = parseReplayFile(text, { dialL, lastDay: dayOf(new Date()) });
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
    { faults: result.faults },
  );
}

interface Replay {
  options: ReplayOptions;
  pool: ReturnType<typeof openPool>;
  db: ReturnType<typeof createDatabase>;
  actor: SystemActor;
  place: ReplayPlace;
  days: readonly ReplayDay[];
  notes: readonly ReplayNote[];
}

async function sendAndJudge(replay: Replay): Promise<ReplayResult> {
  const { db, actor, place, days, notes } = replay;
  const { number: terminalNumber } = place.identity;
  const { meterId, serial } = place.meter;
  const span = { meterId, from: days[0]!.day, to: days.at(-1)!.day };
  const before = await readAs(db, actor.utilityId, async (read) => ({
    days: await listStoredDays(read, actor, span),
    lastQuarantineId: await getLastQuarantineId(read, actor, { terminalNumber }),
  }));
  const failure = await sendAll(replay).then(
    () => undefined,
    (error: Error) => error,
  );
  const after = await readAs(db, actor.utilityId, async (read) => ({
    days: await listStoredDays(read, actor, span),
    quarantined: await countQuarantined(read, actor, {
      terminalNumber,
      afterId: before.lastQuarantineId,
    }),
  }));
  const outcome = judgeReplay(days, before.days, after.days);
  if (failure) {
    throw new DomainError(
      'unavailable',
      `sending stopped: ${failure.message}\n${outcome.committed} of ${days.length} days are committed; run the same command again to send the others`,
      { committed: outcome.committed },
    );
  }
  const { registered } = place;
  const of = { terminalNumber, meterSerial: serial, registered, notes };
  return { ...outcome, ...of, sent: days.length, quarantined: after.quarantined };
}

async function sendAll(replay: Replay): Promise<void> {
  const { options, pool, place, days } = replay;
  const ingest = await startIngest({
    pool,
    keks: keksFromDirectory(options.kekDirectory),
    log: createLog('silent'),
    mqtt: { host: '127.0.0.1', port: 0, maxConnections: 4 },
    healthPort: 0,
  });
  const state = await openFleetState(place.stateFile, keyFingerprint(place.identity.key), {
    absent: 'new',
  });
  try {
    const open = new Set(days.map(({ day }) => day));
    const sleeper = sleeperOf(replay, state.of(place.identity.number));
    for (let attempt = 1; ; attempt += 1) {
      try {
        await runSession(sleeper, {
          link: { brokerUrl: `mqtt://127.0.0.1:${ingest.mqttPort}` },
          days: () => [...open],
          listenMs: LISTEN_MS,
          onDay: (day) => {
            open.delete(day);
            options.onProgress?.(days.length - open.size, days.length);
          },
        });
        return;
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        await sleep(RETRY_DELAY_MS * attempt);
      }
    }
  } finally {
    await state.close();
    await ingest.stop();
  }
}

/** Counters belong to a key: with another key they begin anew. */
function keyFingerprint(key: Buffer): string {
  return createHash('sha256').update('replay').update(key).digest('hex');
}

function sleeperOf(
  { place, days }: Replay,
  memory: ReturnType<Awaited<ReturnType<typeof openFleetState>>['of']>,
): Sleeper {
  const terminal = createTerminal(place.identity, memory);
  const byDay = new Map(days.map((day) => [day.day, day]));
  return {
    terminal,
    outbox: createOutbox(),
    readDay: (day) => {
      const held = byDay.get(day);
      if (!held) return [];
      const { serial } = place.meter;
      return [{ day, serial, indexL: [...held.indexL], pressurePa: NO_PRESSURE }];
    },
    isHistory: () => true,
    status: () => ({ batteryMv: 3600, signalDbm: null, link: 'wan', firmware: 0 }),
    now: () => new Date(),
    setClock: () => undefined,
    seal: async (message) => [await terminal.seal(message)],
  };
}
