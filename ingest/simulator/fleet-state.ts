// Durable state of a fleet's terminals, in one file that one process at a time has open. A counter is on the disk as
// used before it is handed out, a block at a time [TERM-8.1]; the rest is saved soon after a change, and losing its
// last second is harmless: a day is then reported twice. The file is created when credentials are issued. If it is
// missing later, the used counters are unknown.

import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { codeOf } from '../../lib/errors.ts';
import { isDay } from '../../lib/time.ts';
import { EMPTY_WINDOW, type ReplayWindow } from '../protocol/replay-window.ts';
import { safeJson, writeWhole } from './fleet-file.ts';
import type { Progress } from './report-plan.ts';
import { lockFile } from './state-lock.ts';

const COUNTER_BLOCK = 256;
const SAVE_DELAY_MS = 1_000;

const day = z.string().refine(isDay);
const u32 = z.number().int().min(0).max(0xffffffff);

const Remembered = z.object({
  /** No counter above this was ever used. */
  countersThrough: u32.default(0),
  downWindow: z.object({ high: u32, upper: u32, lower: u32 }).default({ ...EMPTY_WINDOW }),
  /** Days up to here are history; null before the first start. */
  historyThrough: day.nullable().default(null),
  reportedThrough: day.nullable().default(null),
  held: z.array(day).default([]),
  /** The clock as the cloud last set it, and the window in the same message. */
  clock: z.object({ setAt: z.iso.datetime(), offsetMs: z.number() }).optional(),
  window: z.object({ reportMinute: z.number(), windowMinutes: z.number() }).optional(),
});

const StateFile = z.object({
  version: z.literal(1),
  /** The fleet of this state; another fleet has other keys and starts from scratch. */
  fleetId: z.string(),
  terminals: z.record(z.string(), Remembered),
});

type Remembered = z.infer<typeof Remembered>;

/** The memory of one terminal. */
export interface FleetMemory {
  readonly remembered: Readonly<Remembered>;
  nextCounter(): Promise<number>;
  readonly downWindow: ReplayWindow;
  rememberDownWindow(window: ReplayWindow): void;
  rememberProgress(progress: Progress): void;
  remember(change: Partial<Remembered>): void;
}

export interface FleetState {
  of(number: string): FleetMemory;
  /** Saves changes and releases the file; call it before the process ends. Rejects when a save failed. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /**
   * Meaning of a missing state of this fleet: `lost` (counters were used and are unknown, so the call rejects) or `new`
   * (no terminal of the fleet has sent a frame, so counters begin at 1).
   */
  absent: 'lost' | 'new';
  /** Called when another process has the file open, which is then waited for; without it the call rejects. */
  onWait?: () => void;
}

/**
 * Opens the state of a fleet; no other process can open it until it is closed or its process has ended.
 * @throws Error that names the file when it is damaged, lost or in use
 */
export async function openFleetState(
  path: string,
  fleetId: string,
  { absent, onWait }: OpenOptions = { absent: 'lost' },
): Promise<FleetState> {
  const release = await lockFile(path, onWait);
  try {
    await removeRests(path);
    const terminals = await readTerminals(path, fleetId, absent);
    return createState(path, { fleetId, terminals, release });
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * Creates the state of terminals with newly issued credentials, replacing the file. Counters continue above
 * `usedCounters`, by terminal number: a new key resets neither a counter nor a window [TERM-5.5].
 */
export async function beginFleetState(
  path: string,
  fleetId: string,
  usedCounters: ReadonlyMap<string, number>,
): Promise<void> {
  await writeWhole(path, newStateText(fleetId, usedCounters));
}

/** Text of such a state. */
export function newStateText(fleetId: string, usedCounters: ReadonlyMap<string, number>): string {
  const terminals = new Map<string, Remembered>();
  for (const [number, countersThrough] of usedCounters) {
    terminals.set(number, Remembered.parse({ countersThrough }));
  }
  return textOf(fleetId, terminals);
}

/**
 * Highest counter that each terminal of a fleet may have used, by terminal number, from the file. Undefined when the
 * file is missing, damaged or of another fleet: then the terminals need new keys.
 */
export async function readUsedCounters(
  path: string,
  fleetId: string,
): Promise<ReadonlyMap<string, number> | undefined> {
  const stored = await readState(path);
  if (stored === 'missing' || stored === 'damaged' || stored.fleetId !== fleetId) return undefined;
  const numbers = Object.entries(stored.terminals);
  return new Map(numbers.map(([number, { countersThrough }]) => [number, countersThrough]));
}

type Terminals = Map<string, Remembered>;

function textOf(fleetId: string, terminals: Terminals): string {
  return JSON.stringify({ version: 1, fleetId, terminals: Object.fromEntries(terminals) });
}

function createState(
  path: string,
  {
    fleetId,
    terminals,
    release,
  }: { fleetId: string; terminals: Terminals; release: () => Promise<void> },
): FleetState {
  const saver = createSaver(path, () => textOf(fleetId, terminals));
  const memories = new Map<string, FleetMemory>();
  return {
    of(number) {
      let memory = memories.get(number);
      if (!memory) {
        memory = createMemory(terminals, number, saver);
        memories.set(number, memory);
      }
      return memory;
    },
    close: () => saver.close().finally(release),
  };
}

function createMemory(terminals: Terminals, number: string, saver: Saver): FleetMemory {
  const remembered = terminals.get(number) ?? Remembered.parse({});
  terminals.set(number, remembered);
  let next = remembered.countersThrough + 1;
  let reserving: Promise<void> | undefined;
  function remember(change: Partial<Remembered>): void {
    Object.assign(remembered, change);
    saver.soon();
  }
  return {
    remembered,
    async nextCounter() {
      while (next > remembered.countersThrough || reserving !== undefined) {
        reserving ??= reserve();
        await reserving;
      }
      next += 1;
      return next - 1;
    },
    get downWindow() {
      return remembered.downWindow;
    },
    rememberDownWindow: (window) => remember({ downWindow: { ...window } }),
    rememberProgress: ({ reportedThrough, held }) => remember({ reportedThrough, held: [...held] }),
    remember,
  };

  async function reserve(): Promise<void> {
    const through = remembered.countersThrough;
    remembered.countersThrough = through + COUNTER_BLOCK;
    try {
      await saver.now();
    } catch (error) {
      remembered.countersThrough = through;
      throw error;
    } finally {
      reserving = undefined;
    }
  }
}

interface Saver {
  soon(): void;
  /** Resolves when a write that began after this call is on the disk. */
  now(): Promise<void>;
  close(): Promise<void>;
}

/** One write at a time; requests during a write share the next one. */
function createSaver(path: string, text: () => string): Saver {
  let running: Promise<void> = Promise.resolve();
  let queued: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function now(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = undefined;
    queued ??= running
      .catch(() => undefined)
      .then(() => {
        queued = undefined;
        running = writeWhole(path, text());
        return running;
      });
    return queued;
  }

  return {
    now,
    soon() {
      timer ??= setTimeout(() => {
        // The next reservation or the close reports a write error.
        now().catch(() => undefined);
      }, SAVE_DELAY_MS);
    },
    close: now,
  };
}

const NEW_KEYS = 'give the terminals new keys; counters must not be used twice';

async function readTerminals(
  path: string,
  fleetId: string,
  absent: OpenOptions['absent'],
): Promise<Terminals> {
  const stored = await readState(path);
  if (stored === 'damaged') throw new Error(`${path} is damaged: ${NEW_KEYS}`);
  const known = stored !== 'missing' && stored.fleetId === fleetId ? stored : undefined;
  if (known) return new Map(Object.entries(known.terminals));
  if (absent === 'new') return new Map();
  const what = stored === 'missing' ? 'is not there' : 'is the state of other credentials';
  throw new Error(`${path} ${what}: ${NEW_KEYS}`);
}

async function readState(path: string): Promise<z.infer<typeof StateFile> | 'missing' | 'damaged'> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'missing';
    throw error;
  }
  const result = StateFile.safeParse(safeJson(text));
  return result.success ? result.data : 'damaged';
}

/** Removes temporary files left by killed processes; the lock of the file must be held. */
async function removeRests(path: string): Promise<void> {
  const folder = dirname(path);
  const name = basename(path);
  const isRest = (file: string) =>
    file.startsWith(`${name}.`) && /^[0-9]+\.[0-9a-f]{8}$/.test(file.slice(name.length + 1));
  const rests = (await readdir(folder)).filter(isRest);
  await Promise.all(rests.map((file) => rm(join(folder, file), { force: true })));
}
