/**
 * `npx tsx bin/audit.ts [--utility CODE] [--known ID:HASH]`: recomputes a utility's audit chain and prints its head. A
 * head kept elsewhere proves later (`--known`) that nothing was cut off. Exits 1 when the chain is broken.
 */

import { parseArgs } from 'node:util';
import { createDatabase, openPool, readAs } from '../db/client.ts';
import { type AuditHead, type AuditVerdict, verifyAuditChain } from '../lib/audit/audit-queries.ts';
import { messageOf } from '../lib/errors.ts';
import { ArgumentFault, EXIT, runCommand } from './run-command.ts';
import { chooseUtilityId } from './utility.ts';
import { withDatabase } from './with-database.ts';

const FAULTS = {
  gap: 'a row before it is missing',
  unlinked: 'it does not name the row before it',
  altered: 'it was altered',
  'cut-off': 'the known head is missing or differs',
} as const;

function parseHead(text: string): AuditHead {
  const [, id, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
  if (hash !== undefined) return { auditId: Number(id), hash };
  throw new ArgumentFault('--known takes ID:HASH as an earlier run printed it');
}

async function verify(
  code: string | undefined,
  known: AuditHead | undefined,
): Promise<AuditVerdict> {
  return withDatabase(async ({ adminUrl, appUrl }) => {
    const utilityId = await chooseUtilityId(adminUrl, code);
    const pool = openPool(appUrl, { applicationName: 'kenshin audit', max: 1 });
    try {
      return await readAs(createDatabase(pool), utilityId, (db) =>
        verifyAuditChain(db, utilityId, known),
      );
    } finally {
      await pool.end();
    }
  });
}

function readArguments(args: readonly string[]) {
  try {
    const options = { utility: { type: 'string' }, known: { type: 'string' } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new ArgumentFault(messageOf(error));
  }
}

await runCommand({
  usage: 'usage: npx tsx bin/audit.ts [--utility CODE] [--known ID:HASH]',
  async main(args) {
    const { utility, known } = readArguments(args);
    const head = known === undefined ? undefined : parseHead(known);
    const verdict = await verify(utility, head);
    console.log(`${verdict.checked} acts`);
    if (verdict.head) console.log(`head ${verdict.head.auditId}:${verdict.head.hash}`);
    if (!verdict.broken) return 0;
    console.error(`broken at act ${verdict.broken.auditId}: ${FAULTS[verdict.broken.fault]}`);
    return EXIT.failed;
  },
});
