// File of a simulated fleet: numbers, secrets and keys of the terminals, and what they measure. Readable by its owner
// only. The command that registers the terminals writes it.

import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import {
  LATEST_REPORT_MINUTE,
  LONGEST_REPORT_WINDOW_MINUTES,
} from '../../lib/readings/report-window.ts';
import { isDay } from '../../lib/time.ts';
import { FaultSetting } from './fault-setting.ts';
import type { SimulatedMeter } from './simulated-meter.ts';
import type { TerminalIdentity } from './terminal.ts';

const day = z.string().refine(isDay, 'not a calendar day');
const hash = z.number().int().min(0).max(0xffffffff);

const Meter = z.object({
  serial: z.string().regex(/^[0-9]{1,12}$/),
  dialL: z.number().int().positive(),
  fittedAt: z.iso.datetime(),
  removedAt: z.iso.datetime().optional(),
  startIndexL: z.number().int().min(0),
});

const FleetTerminal = z.object({
  number: z.string().regex(/^[0-9]{1,16}$/),
  secret: z.string().min(1),
  /** 32 bytes as hex. */
  key: z.string().regex(/^[0-9a-f]{64}$/),
  generation: z.number().int().min(0).max(255),
  seed: hash,
  areaSeed: hash,
  gasKind: z.enum(['city', 'lp']),
  reportMinute: z.number().int().min(0).max(LATEST_REPORT_MINUTE),
  windowMinutes: z.number().int().min(1).max(LONGEST_REPORT_WINDOW_MINUTES),
  meters: z.array(Meter).min(1, 'no meter is fitted beside the terminal'),
  faults: z.array(FaultSetting),
});

const Fleet = z.object({
  version: z.literal(1),
  /** Each registration of a fleet has another id. */
  id: z.string().min(1),
  /** First day of every terminal's memory. */
  firstDay: day,
  terminals: z.array(FleetTerminal),
});

export type FleetTerminal = z.infer<typeof FleetTerminal>;
export type Fleet = z.infer<typeof Fleet>;

/** @throws Error that names the file and what is wrong in it, without quoting it */
export async function readFleetFile(path: string): Promise<Fleet> {
  const text = await readFile(path, 'utf8');
  const value = safeJson(text);
  if (value === undefined) throw new Error(`${path} is not a fleet file: it is not JSON`);
  const result = Fleet.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${path} is not a fleet file:\n  ${faults.slice(0, 10).join('\n  ')}`);
}

export async function writeFleetFile(path: string, fleet: Fleet): Promise<void> {
  await writeWhole(path, `${JSON.stringify(fleet, undefined, 1)}\n`);
}

/**
 * Replaces a file atomically, so that no reader ever gets a part of it, also after a crash; when this resolves, the
 * file and its name are on the disk and survive a loss of power. Mode 0600.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const beside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    const file = await open(beside, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    // A write error has no path, and the user does not know the temporary file.
    if (error instanceof Error) Object.assign(error, { path });
    throw error;
  }
}

/** A rename is durable only after its folder is synced. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export function identityOf(terminal: FleetTerminal): TerminalIdentity {
  const { number, secret, generation } = terminal;
  return { number, secret, generation, key: Buffer.from(terminal.key, 'hex') };
}

export function metersOf(terminal: FleetTerminal): SimulatedMeter[] {
  return terminal.meters.map((meter) => ({
    ...meter,
    fittedAt: new Date(meter.fittedAt),
    removedAt: meter.removedAt === undefined ? undefined : new Date(meter.removedAt),
  }));
}

/** Parsed JSON text; undefined when it is not JSON. */
export function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
