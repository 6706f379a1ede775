// What the terminals of a fleet must not forget when the process ends, in one file beside the fleet's.
// A counter is written down as used before it is handed out, a block of them at a time [TERM-8.1]; the rest is saved
// soon after it changed, and losing the last second of it does no harm: a day is then reported twice.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { isDay } from '../../lib/time.ts';
import { EMPTY_WINDOW, type ReplayWindow } from '../protocol/window.ts';
import { writeWhole } from './fleet-file.ts';
import type { Progress } from './schedule.ts';

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
  /** The clock as the cloud last set it, and the window that came with it. */
  clock: z.object({ setAt: z.iso.datetime(), offsetMs: z.number() }).optional(),
  window: z.object({ reportMinute: z.number(), windowMinutes: z.number() }).optional(),
});

const StateFile = z.object({
  version: z.literal(1),
  /** The fleet whose memory this is; another fleet has other keys and begins anew. */
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
  /** @param firstCounter the first one that may be used; a memory that is further on goes on from there. */
  of(number: string, firstCounter?: number): FleetMemory;
  /** Saves what has changed; to be called before the process ends. Rejects when a save failed. */
  close(): Promise<void>;
}

/** Opens a fleet's state at `path`; no file there, or that of another fleet: a fleet that never ran. */
export async function openFleetState(path: string, fleetId: string): Promise<FleetState> {
  const stored = await readState(path);
  const terminals = new Map(Object.entries(stored?.fleetId === fleetId ? stored.terminals : {}));
  const saver = createSaver(path, () =>
    JSON.stringify({ version: 1, fleetId, terminals: Object.fromEntries(terminals) }),
  );
  const memories = new Map<string, FleetMemory>();
  return {
    of(number, firstCounter = 1) {
      let memory = memories.get(number);
      if (!memory) {
        memory = createMemory(remembered(number, firstCounter), saver);
        memories.set(number, memory);
      }
      return memory;
    },
    close: () => saver.close(),
  };

  function remembered(number: string, firstCounter: number): Remembered {
    const known = terminals.get(number) ?? Remembered.parse({});
    known.countersThrough = Math.max(known.countersThrough, firstCounter - 1);
    terminals.set(number, known);
    return known;
  }
}

function createMemory(remembered: Remembered, saver: Saver): FleetMemory {
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

/** One write at a time; whoever asks meanwhile shares the next one. */
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
        // The next reservation or the close reports a disk that refuses.
        now().catch(() => undefined);
      }, SAVE_DELAY_MS);
    },
    close: now,
  };
}

async function readState(path: string): Promise<z.infer<typeof StateFile> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const result = StateFile.safeParse(safeJson(text));
  if (result.success) return result.data;
  throw new Error(
    `${path} is damaged: restore it from a copy, or delete it and give the terminals new keys; counters must not be used twice`,
  );
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
