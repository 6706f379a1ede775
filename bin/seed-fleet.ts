// Checks that the checkout's files of the demo's fleet agree with the register.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Tx } from '../db/schema.ts';
import { type FleetTerminal, readFleetFile } from '../ingest/simulator/fleet-file.ts';
import { readUsedCounters } from '../ingest/simulator/fleet-state.ts';
import type { Kek } from '../lib/keys/kek.ts';
import { matchesTerminalSecret } from '../lib/keys/terminal-secret.ts';

/**
 * True when the fleet's file has the credentials of the register, the KEK decrypts its keys, and its state has every
 * counter that the terminals have used.
 */
export async function holdsFleet(
  tx: Tx,
  { fleetFile, size, kek }: { fleetFile: string; size: number; kek: Kek },
): Promise<boolean> {
  if (!existsSync(fleetFile)) return false;
  const { id, terminals } = await readFleetFile(fleetFile);
  const { rows, matching, highest } = await countMatching(tx, terminals, kek);
  const used = await readUsedCounters(stateFileOf(fleetFile), id);
  if (!used || highest.some(([number, counter]) => counter > (used.get(number) ?? 0))) return false;
  return terminals.length === size && rows === matching && rows === terminals.length;
}

/** Path of the fleet's state beside its file. */
export function stateFileOf(fleetFile: string): string {
  return join(dirname(fleetFile), 'fleet-state.json');
}

/** Highest committed counter of each terminal of the utility that has sent a frame. */
export async function listUsedCounters(tx: Tx, utilityId: number): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom('terminal as t')
    .innerJoin('terminal_state as s', (join) =>
      join.onRef('s.utility_id', '=', 't.utility_id').onRef('s.terminal_id', '=', 't.terminal_id'),
    )
    .select(['t.number', 's.up_high'])
    .where('t.utility_id', '=', utilityId)
    .where('s.up_high', '>', 0)
    .execute();
  return new Map(rows.map(({ number, up_high }) => [number, up_high]));
}

async function countMatching(tx: Tx, terminals: readonly FleetTerminal[], kek: Kek) {
  if (terminals.length === 0) return { rows: 0, matching: 0, highest: [] };
  const rows = await tx
    .selectFrom('terminal as t')
    .innerJoin('terminal_key as k', (join) =>
      join.onRef('k.utility_id', '=', 't.utility_id').onRef('k.terminal_id', '=', 't.terminal_id'),
    )
    .innerJoin('terminal_state as s', (join) =>
      join.onRef('s.utility_id', '=', 't.utility_id').onRef('s.terminal_id', '=', 't.terminal_id'),
    )
    .select(['t.number', 't.secret_hash', 'k.generation', 'k.kek_id', 's.up_high'])
    .where('k.retired_at', 'is', null)
    .where(
      't.number',
      'in',
      terminals.map(({ number }) => number),
    )
    .execute();
  const held = new Map(terminals.map((terminal) => [terminal.number, terminal]));
  const matching = rows.filter((row) => {
    const terminal = held.get(row.number);
    return (
      terminal !== undefined &&
      matchesTerminalSecret(terminal.secret, row.secret_hash) &&
      terminal.generation === row.generation &&
      row.kek_id === kek.id
    );
  });
  const highest = rows.map(({ number, up_high }) => [number, up_high] as const);
  return { rows: rows.length, matching: matching.length, highest };
}
