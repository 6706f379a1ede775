// Owner of a terminal's connection: a process of the sidecar. The latest CONNECT counts; the previous process is
// notified and ends its connection. These verbs need no utility: each row of their input names its own.

import { sql } from 'kysely';
import type pg from 'pg';
import type { Tx } from '../../db/schema.ts';
import { elementAt } from '../certain.ts';

export interface TerminalKey {
  utilityId: number;
  terminalId: number;
}

/** A connection of a terminal, as its process knows it. */
export interface OwnedTerminal extends TerminalKey {
  /** Increases with every CONNECT of any terminal. */
  generation: number;
}

type Db = Pick<pg.Pool, 'query'>;

/**
 * Makes a process the owner of terminals that connect to it, each terminal once; returns their generations in the order
 * given.
 */
export async function claimTerminals(
  db: Db,
  processId: string,
  terminals: readonly TerminalKey[],
): Promise<number[]> {
  const { rows } = await db.query<{ generations: string[] }>({
    name: 'claim_terminals',
    text: 'select claim_terminals($1, $2, $3)::text[] as generations',
    values: [processId, ...columnsOf(terminals)],
  });
  return elementAt(rows, 0).generations.map(Number);
}

/** Ends the ownership of ended connections; a later connection of the terminal keeps its own. */
export async function releaseTerminals(
  db: Db,
  processId: string,
  owned: readonly OwnedTerminal[],
): Promise<void> {
  await db.query({
    name: 'release_terminals',
    text: 'select release_terminals($1, $2, $3, $4)',
    values: [processId, ...columnsOf(owned), owned.map(({ generation }) => generation)],
  });
}

/**
 * Adds rows for connections of a process that have none, and returns the terminals that have connected elsewhere since.
 */
export async function holdTerminals(
  db: Db,
  processId: string,
  owned: readonly OwnedTerminal[],
): Promise<number[]> {
  const { rows } = await db.query<{ terminal_id: number }>({
    name: 'hold_terminals',
    text: 'select hold_terminals($1, $2, $3, $4) as terminal_id',
    values: [processId, ...columnsOf(owned), owned.map(({ generation }) => generation)],
  });
  return rows.map(({ terminal_id }) => terminal_id);
}

/** Reports that a process is alive; false when it was unknown, or was considered dead and its rows removed. */
export async function keepProcess(db: Db, processId: string): Promise<boolean> {
  const { rows } = await db.query<{ known: boolean }>('select keep_process($1) as known', [
    processId,
  ]);
  return elementAt(rows, 0).known;
}

/**
 * Notifies the process that holds the terminal's connection, after the commit, to look for requests; false when the
 * terminal is not connected.
 */
export async function callTerminal(tx: Tx, terminalId: number): Promise<boolean> {
  const { rows } = await sql<{ called: boolean }>`
    select call_terminal(${terminalId}) as called`.execute(tx);
  return elementAt(rows, 0).called;
}

function columnsOf(terminals: readonly TerminalKey[]): [number[], number[]] {
  return [
    terminals.map(({ utilityId }) => utilityId),
    terminals.map(({ terminalId }) => terminalId),
  ];
}
