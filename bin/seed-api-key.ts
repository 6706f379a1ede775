/** The demo's key, with which its check reads the API as a program of the utility does. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Tx } from '../db/schema.ts';
import { writeWhole } from '../ingest/simulator/fleet-file.ts';
import type { SystemActor } from '../lib/actor.ts';
import { issueApiKey, revokeApiKey } from '../lib/api-keys/api-key-commands.ts';
import { lastsBeyond, listApiKeys } from '../lib/api-keys/api-key-queries.ts';

const NAME = 'デモの確認';
const DAYS = 90;
/** A key that ends sooner is changed: a demo runs for days. */
const DAYS_LEFT = 14;

/**
 * The key in the file, while it has days left; else a new one, which the file then has, readable by its owner alone. What
 * the demo issued before is revoked then: a key whose file was lost opens nothing any more.
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
