/**
 * Records what statements read: the server explains every statement of a database's sessions, including those inside
 * functions and triggers (auto_explain), and sends the plans as notices to the client.
 */
import pg from 'pg';
import { openPool } from '../client.ts';
import type { TestDatabase } from './database.ts';

/** One executed statement. */
export interface StatementCost {
  text: string;
  /** Look-ups, and rows that scans returned, filtered or locked. */
  rows: number;
  /** Pairs of rows that joins compared one by one and dropped. */
  dropped: number;
  /** Blocks of tables and indexes touched by the scans. */
  blocks: number;
  /** Scans by relation, heaviest first, for the message of a failure. */
  scans: string[];
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Rows Removed by Join Filter'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: PlanNode[];
}

const SETTINGS = [
  'set session_preload_libraries = auto_explain',
  'set auto_explain.log_min_duration = 0',
  'set auto_explain.log_analyze = on',
  'set auto_explain.log_buffers = on',
  'set auto_explain.log_timing = off',
  'set auto_explain.log_nested_statements = on',
  'set auto_explain.log_format = json',
  'set auto_explain.log_level = notice',
];

export interface PlanRecorder {
  /** Pools of kenshin_app, kenshin_ingest and kenshin_worker whose statements are recorded. */
  pool: pg.Pool;
  ingestPool: pg.Pool;
  workerPool: pg.Pool;
  /** Statements since the last call, in the order of their ends. */
  take(): StatementCost[];
  close(): Promise<void>;
}

/** Makes the server explain the statements of all later sessions of this database. Needs a superuser, as tests have. */
export async function recordPlans(database: TestDatabase): Promise<PlanRecorder> {
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  try {
    await admin.query(`load 'auto_explain'`);
    const name = admin.escapeIdentifier(admin.database ?? '');
    for (const setting of SETTINGS) await admin.query(`alter database ${name} ${setting}`);
  } finally {
    await admin.end();
  }
  let costs: StatementCost[] = [];
  const open = (url: string): pg.Pool => {
    const pool = openPool(url, { applicationName: 'kenshin test plans', max: 2 });
    pool.on('connect', (client) => {
      client.on('notice', ({ message = '' }) => {
        const at = message.indexOf('plan:\n');
        if (at >= 0) costs.push(costOf(message.slice(at + 'plan:\n'.length)));
      });
    });
    return pool;
  };
  const pools = {
    pool: open(database.url),
    ingestPool: open(database.ingestUrl),
    workerPool: open(database.workerUrl),
  };
  return {
    ...pools,
    take: () => {
      const taken = costs;
      costs = [];
      return taken;
    },
    close: async () => {
      await Promise.all(Object.values(pools).map((pool) => pool.end()));
    },
  };
}

function costOf(json: string): StatementCost {
  const { 'Query Text': text, Plan: plan } = JSON.parse(json) as {
    'Query Text': string;
    Plan: PlanNode;
  };
  const nodes = nodesOf(plan);
  const scans = nodes.filter(isScan).map(costOfScan);
  scans.sort((a, b) => b.rows - a.rows);
  return {
    text,
    rows: scans.reduce((sum, { rows }) => sum + rows, 0),
    dropped: nodes.reduce((sum, node) => sum + droppedBy(node), 0),
    blocks: scans.reduce((sum, { blocks }) => sum + blocks, 0),
    scans: scans
      .slice(0, 6)
      .map(({ name, rows, blocks }) => `${name}: ${rows} rows, ${blocks} blocks`),
  };
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/**
 * True for nodes that read: a bitmap's index names no relation and its heap scan no index, and both count. A chunk
 * append only passes rows on.
 */
function isScan(node: PlanNode): boolean {
  const reads = node['Relation Name'] !== undefined || node['Index Name'] !== undefined;
  const type = node['Node Type'];
  return type === 'LockRows' || (reads && type.endsWith('Scan') && type !== 'Custom Scan');
}

function costOfScan(node: PlanNode): { name: string; rows: number; blocks: number } {
  const loops = node['Actual Loops'];
  const each =
    node['Actual Rows'] +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0);
  const isLock = node['Node Type'] === 'LockRows';
  const below = (node.Plans ?? []).reduce((sum, child) => sum + blocksOf(child), 0);
  return {
    name: `${node['Node Type']} ${node['Index Name'] ?? node['Relation Name'] ?? ''}`.trim(),
    rows: Math.round(loops * Math.max(1, each)),
    blocks: isLock ? 0 : Math.max(0, blocksOf(node) - below),
  };
}

function droppedBy(node: PlanNode): number {
  return Math.round((node['Rows Removed by Join Filter'] ?? 0) * node['Actual Loops']);
}

function blocksOf(node: PlanNode): number {
  return (node['Shared Hit Blocks'] ?? 0) + (node['Shared Read Blocks'] ?? 0);
}
