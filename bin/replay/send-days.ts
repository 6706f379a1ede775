// Sends days frame by frame, as history, through a sidecar that is started for the run.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { createLog } from '../../ingest/log.ts';
import { runSession, type SimulatedTerminal } from '../../ingest/simulator/awake-session.ts';
import { type FleetMemory, openFleetState } from '../../ingest/simulator/fleet-state.ts';
import { createOutbox } from '../../ingest/simulator/outbox.ts';
import { createTerminal } from '../../ingest/simulator/terminal.ts';
import { startIngest } from '../../ingest/start.ts';
import { keksFromDirectory } from '../../lib/keys/kek-provider.ts';
import { keyFingerprint } from './replay-credentials.ts';
import type { FileDays, ReplaySupplyPoint } from './replay-supply-point.ts';

const NO_PRESSURE = new Array<null>(24).fill(null);
const ATTEMPTS = 4;
const RETRY_DELAY_MS = 1_000;
const LISTEN_MS = 50;

/** A supply point with its days. */
export interface SupplyPointDays extends FileDays {
  supplyPoint: ReplaySupplyPoint;
}

export interface SendOptions {
  /** Pool of kenshin_ingest, the role of the sidecar. */
  ingestPool: pg.Pool;
  kekDirectory: string;
  /** Clock of the terminals. */
  clock: () => Date;
  /** Called when another process has a terminal's counter file open and is waited for. */
  onWait: (terminalNumber: string) => void;
  onDay: () => void;
}

/** Sends the days of all supply points, one supply point after the other; resolves when all are acknowledged. */
export async function sendDays(
  parts: readonly SupplyPointDays[],
  { ingestPool, kekDirectory, clock, onWait, onDay }: SendOptions,
): Promise<void> {
  const ingest = await startIngest({
    pool: ingestPool,
    keks: keksFromDirectory(kekDirectory),
    log: createLog('silent'),
    mqtt: { host: '127.0.0.1', port: 0, maxConnections: 4 },
    healthPort: 0,
  });
  try {
    for (const part of parts) {
      const { identity, stateFile } = part.supplyPoint;
      const state = await openFleetState(stateFile, keyFingerprint(identity.key), {
        absent: 'lost',
        onWait: () => onWait(identity.number),
      });
      try {
        const brokerUrl = `mqtt://127.0.0.1:${ingest.mqttPort}`;
        await sendSupplyPoint(part, { brokerUrl, memory: state.of(identity.number), clock, onDay });
      } finally {
        await state.close();
      }
    }
  } finally {
    await ingest.stop();
  }
}

interface Way {
  brokerUrl: string;
  memory: FleetMemory;
  clock: () => Date;
  onDay: () => void;
}

async function sendSupplyPoint(part: SupplyPointDays, way: Way): Promise<void> {
  const { brokerUrl, onDay } = way;
  const open = new Set(part.days.map(({ day }) => day));
  const simulated = simulatedTerminalOf(part, way);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await runSession(simulated, {
        link: { brokerUrl },
        days: () => [...open],
        listenMs: LISTEN_MS,
        onDay: (day) => {
          if (open.delete(day)) onDay();
        },
      });
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(RETRY_DELAY_MS * attempt);
    }
  }
}

function simulatedTerminalOf(
  { supplyPoint, days }: SupplyPointDays,
  { memory, clock }: Pick<Way, 'memory' | 'clock'>,
): SimulatedTerminal {
  const terminal = createTerminal(supplyPoint.identity, memory);
  const byDay = new Map(days.map((day) => [day.day, day]));
  return {
    terminal,
    outbox: createOutbox(),
    readDay: (day) => {
      const held = byDay.get(day);
      if (!held) return [];
      const { serial } = supplyPoint.meter;
      return [{ day, serial, indexL: [...held.indexL], pressurePa: NO_PRESSURE }];
    },
    isHistory: () => true,
    status: () => ({ batteryMv: 3600, signalDbm: null, link: 'wan', firmware: 0 }),
    now: clock,
    setClock: () => undefined,
    seal: async (message) => [await terminal.seal(message)],
  };
}
