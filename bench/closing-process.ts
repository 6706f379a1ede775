// One export of bench/closing.ts in its own process, so that its peak memory can be measured: the product's export to a
// file, timed from the open pool to the closed file.
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { exportWorkOf } from '../bin/export-work.ts';
import { createDatabase, openPool } from '../db/client.ts';
import { exportClosing } from '../lib/closing/closing-commands.ts';
import type { ClosingSelection } from '../lib/closing/closing-facts-sql.ts';

/** Plan of one export; passed as JSON in the first argument. */
export interface ExtractionPlan {
  appUrl: string;
  utilityId: number;
  selection: ClosingSelection;
  file: string;
}

export interface ExtractionFigures {
  rows: number;
  /** Until the runs were issued, and until the file was closed. */
  issueMs: number;
  ms: number;
  peakMb: number;
}

async function main(): Promise<void> {
  const plan = JSON.parse(process.argv[2] ?? '{}') as ExtractionPlan;
  const pool = openPool(plan.appUrl, { applicationName: 'kenshin bench', max: 3 });
  await pool.query('select 1');
  const db = createDatabase(pool);
  const begin = performance.now();
  const file = createWriteStream(plan.file);
  const actor = { kind: 'system', utilityId: plan.utilityId, name: 'bench' } as const;
  const selection = { ...plan.selection, now: new Date(plan.selection.now) };
  const kind = { format: 'machine' } as const;
  let issueMs = 0;
  const onIssue = () => {
    issueMs = performance.now() - begin;
  };
  const extraction = { selection, kind, now: new Date(), onIssue };
  const { counts } = await exportClosing(
    exportWorkOf(db, plan.utilityId),
    actor,
    extraction,
    (bytes) =>
      new Promise((resolve, reject) => {
        file.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
  );
  file.end();
  await finished(file);
  const figures: ExtractionFigures = {
    rows: counts.total,
    issueMs,
    ms: performance.now() - begin,
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
  process.send?.(figures);
  await db.destroy();
}

void main();
