// What the statements of the application role read on a utility of two million day rows: of the order of what they are
// about, and never all that the utility has. With a barrier view and row security the text of a statement does not show what the planner may do.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, transactAs } from '../db/client.ts';
import { type TestDatabase, testDatabase } from '../db/testing.ts';
import { seedLargeUtility } from '../db/testing-large-utility.ts';
import { type PlanRecorder, recordPlans, type StatementCost } from '../db/testing-plans.ts';
import { type LargeScene, POOL_READ_CASES, READ_CASES } from './testing-rows-read.ts';
import { POOL_WRITE_CASES, WRITE_CASES } from './testing-rows-written.ts';

/** Scans that a verb may make of each row that it is about, and what every verb may read beside them. */
const SCANS = 8;
const BESIDE = 100;
/** Blocks of indexes and table for one look-up. */
const BLOCKS = 5;

/** Verbs without a case, or folders of them, and why. */
const NOT_MEASURED: Readonly<Record<string, string>> = {
  'accounts/': 'accounts, sessions and tries: a utility has few, and no reading is looked at',
  verifyAuditChain: 'it reads the whole chain: that is its meaning',
  recordAct: 'it is part of every other verb that acts',
};

const LAST_DAY = '2026-02-04';
const NOW = new Date('2026-02-05T03:00:00Z');

let database: TestDatabase;
let recorder: PlanRecorder;
let scene: LargeScene;

beforeAll(async () => {
  database = await testDatabase();
  const utility = await seedLargeUtility(database.adminPool, LAST_DAY);
  recorder = await recordPlans(database);
  const { utilityId } = utility;
  const home = await utility.home(7);
  scene = {
    ...{ utility, utilityId, home, now: NOW, admin: database.adminPool },
    actor: { kind: 'system', utilityId, name: 'test' },
    consumer: { kind: 'consumer', utilityId, ...home, sessionId: '' },
  };
}, 300_000);
afterAll(async () => {
  await recorder.pool.end();
  await database.close();
});

class Undo extends Error {}

/** Runs in a transaction of the utility that is rolled back, so that no case sees another's rows. */
async function inTransaction(run: (scene: LargeScene, tx: never, pool: pg.Pool) => unknown) {
  const work = transactAs(createDatabase(recorder.pool), scene.utilityId, async (tx) => {
    await run(scene, tx as never, recorder.pool);
    throw new Undo();
  });
  await expect(work).rejects.toThrow(Undo);
}

function heavy(costs: readonly StatementCost[], about: number): string[] {
  const rows = about * SCANS + BESIDE;
  const sum = costs.reduce((total, cost) => total + cost.rows, 0);
  const blocks = costs.reduce((total, cost) => total + cost.blocks, 0);
  if (sum <= rows && blocks <= rows * BLOCKS) return [];
  const worst = [...costs].sort((a, b) => b.rows - a.rows).slice(0, 2);
  const head = `read ${sum} rows (at most ${rows}) and ${blocks} blocks (at most ${rows * BLOCKS})`;
  return [head, ...worst.flatMap(({ text, scans }) => [...scans, text])];
}

describe('on a utility of two million days, what is read is of the order of what is asked', () => {
  it.each([...READ_CASES, ...WRITE_CASES].map((one) => ({ ...one, asks: one.asks ?? '' })))(
    '$verb $asks',
    async ({ run, about }) => {
      recorder.take();
      await inTransaction(run);
      expect(heavy(recorder.take(), about)).toEqual([]);
    },
  );

  it.each(
    [...POOL_READ_CASES, ...POOL_WRITE_CASES].map((one) => ({ ...one, asks: one.asks ?? '' })),
  )('$verb $asks', async ({ run, about }) => {
    recorder.take();
    await run(scene, recorder.pool);
    expect(heavy(recorder.take(), about)).toEqual([]);
  });
});

describe('the cases', () => {
  it('are there for every verb of the product', () => {
    const cases = [...READ_CASES, ...WRITE_CASES, ...POOL_READ_CASES, ...POOL_WRITE_CASES];
    const names = listVerbs().map(({ verb }) => verb);
    const known = new Set([...cases.map(({ verb }) => verb), ...Object.keys(NOT_MEASURED)]);
    const missing = listVerbs().filter(
      ({ folder, verb }) => !known.has(verb) && !known.has(folder),
    );
    expect(missing, ADVICE).toEqual([]);
    const gone = [...known].filter((verb) => !verb.endsWith('/') && !names.includes(verb));
    expect(gone, 'no such verb').toEqual([]);
  });
});

const ADVICE =
  'give each of these a case in lib/testing-rows-read.ts or -written.ts, or a reason in NOT_MEASURED';

/** Exported functions of lib whose first parameter is a connection, a transaction or what opens one. */
function listVerbs(): { folder: string; verb: string }[] {
  const lib = fileURLToPath(new URL('.', import.meta.url));
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /(^|[/-])(queries|commands)\.ts$/.test(file))
    .flatMap((file) => {
      const found = readFileSync(join(lib, file), 'utf8').matchAll(
        /^export (?:async )?function\*? (\w+)(?:<[^>]*>)?\(\s*(?:db|tx|client|pool|entrance|work): /gm,
      );
      return Array.from(found, (match) => ({ folder: `${dirname(file)}/`, verb: match[1]! }));
    });
}
