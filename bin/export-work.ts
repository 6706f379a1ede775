import type { Kysely } from 'kysely';
import { readAs, transactAs } from '../db/client.ts';
import type { Database } from '../db/schema.ts';
import type { ExportWork } from '../lib/closing/recorded-export-commands.ts';

/** Transactions of an export for a command; needs three connections. */
export function exportWorkOf(db: Kysely<Database>, utilityId: number): ExportWork {
  return {
    read: (fn) => readAs(db, utilityId, fn),
    record: (fn) => transactAs(db, utilityId, fn),
    issue: (fn) => transactAs(db, utilityId, fn),
  };
}
