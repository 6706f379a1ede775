// Rows that the statements of commands, web process and sidecar read on a utility of two million day rows: of the order
// of what they are about, never everything. Row security and barrier views restrict the planner.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, transactAs } from '../../db/client.ts';
import { seedLargeUtility } from '../../db/testing/large-utility.ts';
import { type PlanRecorder, recordPlans, type StatementCost } from '../../db/testing/plans.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { LargeScene, RowsCase } from './rows-case.ts';
import { CLOSING_ISSUE_CASES, ISSUE_WORK_CASES } from './rows-closing-issues.ts';
import { CLOSING_RUN_CASES } from './rows-closing-runs.ts';
import { EDIT_CASES } from './rows-editing.ts';
import { EXCHANGE_CASES } from './rows-exchange.ts';
import { LAYOUT_CASES } from './rows-layouts.ts';
import { READ_CASES } from './rows-read.ts';
import { READINESS_CASES, RUN_SINCE_CASES } from './rows-readiness.ts';
import { REGISTER_READ_CASES } from './rows-register.ts';
import { REGISTER_CHANGE_CASES } from './rows-register-change.ts';
import { SIDECAR_CASES, SIDECAR_POOL_CASES } from './rows-sidecar.ts';
import { VALIDATION_CASES, VALIDATION_POOL_CASES } from './rows-validation.ts';
import { WORK_LIST_CASES } from './rows-work-list.ts';
import { WORKER_CASES, WORKER_POOL_CASES } from './rows-worker.ts';
import { WRITE_CASES } from './rows-written.ts';

/** Scans that a verb may make of each row that it is about, and what every verb may read besides. */
const SCANS = 8;
const BESIDE = 100;
/** Blocks of index and table for one look-up. */
const BLOCKS = 5;

const JOBS = 'the jobs that are not done: there are few, and no reading is looked at';

const PAGES = 'it is part of getAreaPressure or listCollectionHistory, which have their cases';
const ISSUE = 'one issue by its number, and no reading is looked at';
const OWN = 'it is part of getOwnMonth and getOwnDay, which have their cases';
const FEED = 'one position of a reader, and what listChanges reads';

/** Verbs, or folders of them, without a case, with the reason. */
const ASKED = 'a few requests of a few members of staff, and no reading is looked at';
const NOT_MEASURED: Readonly<Record<string, string>> = {
  'accounts/': 'accounts, sessions and tries: a utility has few, and no reading is looked at',
  'api-keys/': 'a utility has a few keys, and no reading is looked at',
  'area-days/area-day-queries:findStaleDays': PAGES,
  'pressure/rolled-band-queries:readRolledBand': PAGES,
  'pressure/area-pressure-queries:scanBand': PAGES,
  'collection/collection-history-queries:scanCollection': PAGES,
  'usage/own-household-queries:getOwnHousehold': OWN,
  'usage/own-household-queries:getAskableDays': OWN,
  'register/area-queries:listTree': 'a utility has few areas',
  'changes/change-commands:readNextChanges': FEED,
  'changes/change-commands:moveReader': FEED,
  'changes/change-commands:pruneChanges':
    'it removes what all have read: the feed is as long as what is unread',
  'closing/issue-work-commands:makeIssue':
    'it is issueRuns, which has its cases, and an issue by its number',
  'closing/issue-work-commands:beginIssue': ISSUE,
  'closing/issue-work-commands:noteIssueProgress': ISSUE,
  'closing/issue-work-commands:failIssue': ISSUE,
  'closing/closing-explanation-queries:findClosingFacts':
    'it is part of getClosingExplanation, which has its cases',
  'estimation/':
    'one row of a closing, as getClosingExplanation reads it, and records of one place or one customer by their key',
  'jobs/job-queries:listJobs': JOBS,
  'jobs/job-queries:getJob': JOBS,
  'jobs/job-queries:countWorkers': 'it reads the locks of the server, no table',
  'jobs/job-commands:retryJob': JOBS,
  'mail/': 'one mail by its number or its key, and the latest ones: no reading is looked at',
  'audit/audit-queries:verifyAuditChain': 'it reads the whole chain: that is its meaning',
  'audit/audit-commands:recordAct': 'it is part of every other verb that acts',
  'audit/audit-commands:recordActs': 'it is part of every verb that registers many at once',
  'readiness/readiness-queries:listAskedClosings': ASKED,
  'readiness/readiness-commands:noteAwaitedReport': ASKED,
  'readiness/readiness-commands:announceClosing': ASKED,
  'readiness/readiness-commands:listReadyMailRecipients': ASKED,
  'readiness/ready-mail-queries:getReadyMails': ASKED,
  'readiness/ready-mail-commands:askReadyMail':
    'it is findAwaitedReport, which has its cases, and one row',
  'readiness/ready-mail-commands:withdrawReadyMail': ASKED,
  'closing/run-since-commands:pruneRunChanges': 'it removes what is too old, by an index',
  'validation/mark-commands:markReadings': 'it is part of validateNextChanges, which has its cases',
  'write-requests/write-request-commands:actOnce':
    'one row by its key, and no reading is looked at',
  'pressure/scanned-band-queries:readBand': 'it is part of getAreaPressure, which has its cases',
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
  await recorder.close();
  await database.close();
});

class Undo extends Error {}

/** Runs in a transaction of the utility that is rolled back, so that no case sees another's rows. */
async function inTransaction(run: RowsCase['run'], pool: pg.Pool) {
  const work = transactAs(createDatabase(pool), scene.utilityId, async (tx) => {
    await run(scene, tx);
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

/** Cases of the commands, which also read what the web process reads. */
const OWN_CASES = [
  ...[...READ_CASES, ...REGISTER_READ_CASES, ...WRITE_CASES],
  ...[...EXCHANGE_CASES, ...REGISTER_CHANGE_CASES, ...CLOSING_RUN_CASES, ...WORK_LIST_CASES],
  ...[...LAYOUT_CASES, ...EDIT_CASES, ...RUN_SINCE_CASES, ...CLOSING_ISSUE_CASES],
];
const WORK_CASES = [
  ...[...WORKER_CASES, ...VALIDATION_CASES, ...READINESS_CASES, ...ISSUE_WORK_CASES],
];
const titled = <T extends { asks?: string }>(cases: readonly T[]) =>
  cases.map((one) => ({ ...one, asks: one.asks ?? '' }));

describe('on a utility of two million days, a verb reads rows of the order of its question', () => {
  it.each(titled(OWN_CASES))('$verb $asks', async ({ run, about }) => {
    recorder.take();
    await inTransaction(run, recorder.pool);
    expect(heavy(recorder.take(), about)).toEqual([]);
  });

  it.each(titled(SIDECAR_CASES))('$verb $asks', async ({ run, about }) => {
    recorder.take();
    await inTransaction(run, recorder.ingestPool);
    expect(heavy(recorder.take(), about)).toEqual([]);
  });

  it.each(titled(WORK_CASES))('$verb $asks', async ({ run, about }) => {
    recorder.take();
    await inTransaction(run, recorder.workerPool);
    expect(heavy(recorder.take(), about)).toEqual([]);
  });

  it.each(titled([...WORKER_POOL_CASES, ...VALIDATION_POOL_CASES]))(
    '$verb $asks',
    async ({ run, about }) => {
      recorder.take();
      await run(scene, recorder.workerPool);
      expect(heavy(recorder.take(), about)).toEqual([]);
    },
  );

  it.each(titled(SIDECAR_POOL_CASES))('$verb $asks', async ({ run, about }) => {
    recorder.take();
    await run(scene, recorder.ingestPool);
    expect(heavy(recorder.take(), about)).toEqual([]);
  });
});

describe('the cases of rows read', () => {
  it('exist for every verb of the product', () => {
    const processes = [
      ...SIDECAR_CASES,
      ...SIDECAR_POOL_CASES,
      ...WORK_CASES,
      ...WORKER_POOL_CASES,
      ...VALIDATION_POOL_CASES,
    ];
    const cases = [...OWN_CASES, ...processes];
    const verbs = listVerbs();
    const known = new Set([...cases.map(({ verb }) => verb), ...Object.keys(NOT_MEASURED)]);
    const missing = verbs.filter((verb) => !known.has(verb) && !known.has(folderOf(verb)));
    expect(missing, ADVICE).toEqual([]);
    const there = new Set([...verbs, ...verbs.map(folderOf)]);
    expect(
      [...known].filter((verb) => !there.has(verb)),
      'no such verb',
    ).toEqual([]);
  });
});

const ADVICE =
  'give each of these a case in one of lib/testing/rows-*.ts, or a reason in NOT_MEASURED';

/**
 * `file:name` of lib's exported functions whose first parameter is a connection, a transaction or a provider of one.
 */
function listVerbs(): string[] {
  const lib = fileURLToPath(new URL('..', import.meta.url));
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /-(queries|commands)\.ts$/.test(file))
    .flatMap((file) => {
      const found = readFileSync(join(lib, file), 'utf8').matchAll(
        /^export (?:async )?function\*? (\w+)(?:<[^>]*>)?\(\s*(?:db|tx|client|pool|signInDatabase|work|query): /gm,
      );
      const name = file.slice(0, -'.ts'.length).replaceAll(sep, '/');
      return Array.from(found, (match) => `${name}:${match[1]}`);
    });
}

function folderOf(verb: string): string {
  return `${dirname(verb)}/`;
}
