// Credentials and counters of replayed terminals: two files per terminal in a folder, readable by their owner only.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Tx } from '../../db/schema.ts';
import { safeJson, writeWhole } from '../../ingest/simulator/fleet-file.ts';
import { beginFleetState, readUsedCounters } from '../../ingest/simulator/fleet-state.ts';
import type { TerminalIdentity } from '../../ingest/simulator/terminal.ts';
import type { SystemActor } from '../../lib/actor.ts';
import { codeOf, DomainError } from '../../lib/errors.ts';
import type { Kek } from '../../lib/keys/kek.ts';
import { matchesTerminalSecret } from '../../lib/keys/terminal-secret.ts';
import type { SupplyPointTerminal } from '../../lib/register/stay-queries.ts';
import {
  reissueTerminal,
  type TerminalCredentials,
} from '../../lib/terminals/terminal-commands.ts';

const Credentials = z.object({
  secret: z.string(),
  key: z.string().regex(/^[0-9a-f]{64}$/),
  generation: z.number().int(),
});

export interface CredentialRules {
  kek: Kek;
  /** Folder of the files. */
  stateDirectory: string;
  /** Issue new credentials to a terminal that already reports. */
  takeOver: boolean;
  /** End of earlier credentials when new ones are issued. */
  now: Date;
}

/** A terminal that can report; `renewed` says what was made anew, null when nothing was. */
export interface HeldTerminal {
  identity: TerminalIdentity;
  /** Path of its counters. */
  stateFile: string;
  renewed: string | null;
}

/** Fingerprint of a key: a state of counters with another one belongs to another key. */
export function keyFingerprint(key: Buffer): string {
  return createHash('sha256').update('replay').update(key).digest('hex');
}

/**
 * Credentials of a fitted terminal from the folder. New ones are issued when those of the register were never used,
 * when the used counters are unknown, and on a take-over.
 * @throws DomainError `conflict` when the terminal reports with credentials that are not in the folder
 */
export async function holdTerminal(
  tx: Tx,
  actor: SystemActor,
  terminal: SupplyPointTerminal,
  rules: CredentialRules,
): Promise<HeldTerminal> {
  const { number, lastCounter } = terminal;
  const base = baseOf(rules.stateDirectory, terminal);
  const found = await readCredentials(base, number);
  const identity = found === 'damaged' ? undefined : found;
  if (identity && (await isLive(tx, terminal, identity, rules.kek))) {
    const used = await readUsedCounters(stateFileOf(base), keyFingerprint(identity.key));
    if (used && (used.get(number) ?? 0) >= lastCounter) {
      return { identity, stateFile: stateFileOf(base), renewed: null };
    }
    return reissue(tx, actor, terminal, { rules, why: 'which counters it used is not known' });
  }
  if (lastCounter > 0 && !rules.takeOver) {
    const what =
      found === 'damaged' ? `${credentialsFileOf(base)} is damaged` : 'they are not here';
    throw new DomainError(
      'conflict',
      `terminal ${number} reports already, and its credentials are needed to send as it, but ${what}: give --take-over to issue new ones, with which the present holder can no longer sign in`,
    );
  }
  const why = found === 'damaged' ? `${credentialsFileOf(base)} was damaged` : 'none were here';
  return reissue(tx, actor, terminal, { rules, why });
}

async function reissue(
  tx: Tx,
  actor: SystemActor,
  terminal: SupplyPointTerminal,
  { rules, why }: { rules: CredentialRules; why: string },
): Promise<HeldTerminal> {
  const { number } = terminal;
  const { kek, now } = rules;
  const issued = await reissueTerminal(tx, actor, { number, kek, now });
  const held = await keepTerminal(terminal, issued, rules);
  return { ...held, renewed: `new credentials of terminal ${number} (${why})` };
}

/**
 * Stores issued credentials. Counters continue above those that the cloud has accepted [TERM-5.5]. The state is written
 * first, because credentials without one count as lost.
 */
export async function keepTerminal(
  terminal: SupplyPointTerminal,
  issued: TerminalCredentials,
  { stateDirectory }: CredentialRules,
): Promise<HeldTerminal> {
  const { secret, key, generation } = issued;
  const { number, lastCounter } = terminal;
  const base = baseOf(stateDirectory, terminal);
  await mkdir(stateDirectory, { recursive: true, mode: 0o700 });
  const used = new Map([[number, lastCounter]]);
  await beginFleetState(stateFileOf(base), keyFingerprint(key), used);
  const stored = { secret, key: key.toString('hex'), generation };
  try {
    await writeWhole(credentialsFileOf(base), `${JSON.stringify(stored)}\n`);
  } catch (error) {
    await rm(stateFileOf(base), { force: true });
    throw error;
  }
  const identity = { number, secret, key, generation };
  return { identity, stateFile: stateFileOf(base), renewed: null };
}

type Registration = Pick<SupplyPointTerminal, 'number' | 'registeredAt'>;

/**
 * Base name of the files. It includes the registration time: the same number in another database was registered at
 * another time.
 */
function baseOf(directory: string, { number, registeredAt }: Registration): string {
  return join(directory, `${number}-${registeredAt.getTime()}`);
}

function stateFileOf(base: string): string {
  return `${base}.state.json`;
}

function credentialsFileOf(base: string): string {
  return `${base}.credentials.json`;
}

async function readCredentials(
  base: string,
  number: string,
): Promise<TerminalIdentity | 'damaged' | undefined> {
  let text: string;
  try {
    text = await readFile(credentialsFileOf(base), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  const result = Credentials.safeParse(safeJson(text));
  if (!result.success) return 'damaged';
  const { secret, key, generation } = result.data;
  return { number, secret, key: Buffer.from(key, 'hex'), generation };
}

/** True when the register's valid secret and key are those held, wrapped by the present key-encryption key. */
async function isLive(
  tx: Tx,
  { terminalId, secretHash }: SupplyPointTerminal,
  held: TerminalIdentity,
  kek: Kek,
): Promise<boolean> {
  if (!matchesTerminalSecret(held.secret, secretHash)) return false;
  const key = await tx
    .selectFrom('terminal_key')
    .select('kek_id')
    .where('terminal_id', '=', terminalId)
    .where('generation', '=', held.generation)
    .where('retired_at', 'is', null)
    .executeTakeFirst();
  return key?.kek_id === kek.id;
}
