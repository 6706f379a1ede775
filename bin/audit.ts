/**
 * `npx tsx bin/audit.ts --utility CODE [--known ID:HASH]`: recomputes a utility's audit chain. Prints its head, which kept
 * elsewhere proves next time (`--known`) that nothing was cut off; exits 1 when the chain is broken.
 */
import { parseArgs } from 'node:util';
import { createDatabase, openPool, readAs } from '../db/client.ts';
import { type AuditHead, type AuditVerdict, verifyAuditChain } from '../lib/audit/queries.ts';
import { utilityIdOf } from './utility-id.ts';
import { withDatabase } from './with-database.ts';

const FAULTS = {
  gap: 'a row before it is missing',
  unlinked: 'it does not name the row before it',
  altered: 'it was altered',
  'cut-off': 'the known head is missing or differs',
} as const;

function parseHead(text: string): AuditHead {
  const match = /^(\d+):([0-9a-f]{64})$/.exec(text);
  if (!match) throw new Error('--known takes ID:HASH as an earlier run printed it');
  return { auditId: Number(match[1]), hash: match[2]! };
}

async function verify(code: string, known: AuditHead | undefined): Promise<AuditVerdict> {
  return withDatabase(async ({ adminUrl, appUrl }) => {
    const utilityId = await utilityIdOf(adminUrl, code);
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

try {
  const { values } = parseArgs({
    options: { utility: { type: 'string' }, known: { type: 'string' } },
  });
  if (!values.utility) throw new Error('name the utility: --utility CODE');
  const known = values.known === undefined ? undefined : parseHead(values.known);
  const { checked, head, broken } = await verify(values.utility, known);
  console.log(`${checked} acts`);
  if (head) console.log(`head ${head.auditId}:${head.hash}`);
  if (broken) {
    console.error(`broken at act ${broken.auditId}: ${FAULTS[broken.fault]}`);
    process.exitCode = 1;
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
