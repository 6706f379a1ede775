/**
 * Runs of closings in `npm run -s bench -- closing`: making one from the readings against `COPY (the same query) TO`: the
 * query whose rows are inserted, with their facts as JSON, in turns; `makeToClosing` is against the query of the closing
 * that makes no JSON. And the file of a stored run against COPY of its rows.
 */
import { createWriteStream } from 'node:fs';
import { finished, pipeline } from 'node:stream/promises';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { exportWorkOf } from '../bin/export-work.ts';
import { createDatabase, openPool, transactAs } from '../db/client.ts';
import { certain, elementAt } from '../lib/certain.ts';
import { exportClosing } from '../lib/closing/closing-commands.ts';
import { makeRun } from '../lib/closing/run-commands.ts';
import { exportRun } from '../lib/closing/run-file-commands.ts';
import type { ExtractionPlan } from './closing-process.ts';

const RUNS = 5;
const NOW = new Date('2026-12-01T00:00:00+09:00');

class Undo extends Error {}

/** Each runs a query by COPY; milliseconds. */
interface Copies {
  /** The query of the closing. */
  closing: () => Promise<number>;
  /** The query whose rows a run inserts. */
  run: () => Promise<number>;
}

export async function measureRuns(
  plan: ExtractionPlan,
  copies: Copies,
): Promise<Record<string, number>> {
  const pool = openPool(plan.appUrl, { applicationName: 'kenshin bench', max: 3 });
  const db = createDatabase(pool);
  const actor = { kind: 'system', utilityId: plan.utilityId, name: 'bench' } as const;
  const work = exportWorkOf(db, plan.utilityId);
  const selection = { ...plan.selection, closing: elementAt(plan.selection.closings, 0) };
  const make = () =>
    timed(() =>
      transactAs(db, plan.utilityId, async (tx) => {
        await makeRun(tx, actor, { selection, now: NOW });
        throw new Undo();
      }).catch(ignoreUndo),
    );
  try {
    const made: number[] = [];
    const copied: number[] = [];
    const closed: number[] = [];
    await make();
    for (let run = 0; run < RUNS; run += 1) {
      made.push(await make());
      copied.push(await copies.run());
      closed.push(await copies.closing());
    }
    const input = { selection: plan.selection, kind: { format: 'machine' }, now: NOW } as const;
    let runs: Awaited<ReturnType<typeof exportClosing>>['runs'] = [];
    const issueMs = await timed(async () => {
      ({ runs } = await exportClosing(work, actor, input, async () => undefined));
    });
    const { runId } = certain(runs[0], 'a run');
    const again = { runId, kind: input.kind, now: NOW };
    const files: number[] = [];
    const rows: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      files.push(
        await timed(() => toFile(plan.file, (write) => exportRun(work, actor, again, write))),
      );
      rows.push(await timed(() => copyRows(plan, runId)));
    }
    return {
      makeMs: Math.round(median(made)),
      makeRatio: round(median(made) / median(copied)),
      makeToClosing: round(median(made) / median(closed)),
      issueMs: Math.round(issueMs),
      fileMs: Math.round(median(files)),
      fileRatio: round(median(files) / median(rows)),
    };
  } finally {
    await db.destroy();
  }
}

function ignoreUndo(error: unknown): void {
  if (!(error instanceof Undo)) throw error;
}

async function timed(fn: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await fn();
  return performance.now() - begin;
}

async function toFile(
  path: string,
  fn: (write: (bytes: Buffer) => Promise<void>) => Promise<unknown>,
): Promise<void> {
  const file = createWriteStream(path);
  await fn(
    (bytes) =>
      new Promise((resolve, reject) => {
        file.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
  );
  file.end();
  await finished(file);
}

/** COPY of a run's rows with their figures, in their order. */
async function copyRows({ appUrl, utilityId, file }: ExtractionPlan, runId: number): Promise<void> {
  const client = new pg.Client({ connectionString: appUrl });
  await client.connect();
  await client.query('begin transaction read only');
  await client.query('select serve_utility($1)', [utilityId]);
  await pipeline(
    client.query(
      copyTo(`copy (
        select r.*, g.usage_l, g.usage_m3, g.quality, g.remarks
        from closing_run_row r join closing_run_figure g using (utility_id, run_id, row_number)
        where utility_id = ${utilityId} and run_id = ${runId} order by row_number) to stdout (format csv, header)`),
    ),
    createWriteStream(`${file}.rows`),
  );
  await client.query('commit');
  await client.end();
}

/** The middle one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return elementAt(sorted, Math.floor(values.length / 2));
}

/** To two decimals. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
