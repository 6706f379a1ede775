/** The demo's API key, with which its check reads the API as a program of the utility does. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Tx } from '../db/schema.ts';
import { writeWhole } from '../ingest/simulator/fleet-file.ts';
import type { SystemActor } from '../lib/actor.ts';
import { issueApiKey, revokeApiKey } from '../lib/api-keys/api-key-commands.ts';
import { lastsBeyond, listApiKeys } from '../lib/api-keys/api-key-queries.ts';

const NAME = 'デモの確認';
const DAYS = 90;
/** Remaining days below which the key is replaced, because a demo runs for days. */
const DAYS_LEFT = 14;

/**
 * Key of the file while it has enough days left; else a new one, stored in the file, readable by its owner only.
 * Earlier keys of the demo are then revoked, because a lost file must not stay valid.
 */
export async function ensureDemoKey(
  tx: Tx,
  actor: SystemActor,
  { file, now }: { file: string; now: Date },
): Promise<string> {
  const kept = existsSync(file) ? (await readFile(file, 'utf8')).trim() : '';
  const at = new Date(now.getTime() + DAYS_LEFT * 24 * 3_600_000);
  if (await lastsBeyond(tx, actor, { key: kept, at })) return kept;
  for (const { keyId, name, revokedAt } of await listApiKeys(tx, actor, { now })) {
    if (name === NAME && revokedAt === null) await revokeApiKey(tx, actor, { keyId, now });
  }
  const scopes = ['collection.read'] as const;
  const { key } = await issueApiKey(tx, actor, { name: NAME, scopes, days: DAYS, now });
  await writeWhole(file, `${key}\n`);
  return key;
}
