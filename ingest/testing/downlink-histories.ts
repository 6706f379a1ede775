// Messages to terminals and owners of their connections over random histories of three terminals and two sidecar
// processes: terminals connect to either, their connections end in every way, notifications are lost, a process is
// killed, and the database is slow, unreachable or loses its answers for one of them.
import { deepStrictEqual, ok } from 'node:assert/strict';
import * as fc from 'fast-check';
import { createDatabase, transactAs } from '../../db/client.ts';
import type { TestDatabase } from '../../db/testing/database.ts';
import { createUtility, fitHousehold } from '../../db/testing/fixtures.ts';
import { callTerminal, keepProcess } from '../../lib/terminals/owner-commands.ts';
import type { HistoryProperty } from '../../lib/testing/history.ts';
import { PRIORITIES, type Priority } from '../dispatch/downlink.ts';
import {
  Activity,
  type DatabaseState,
  type Line,
  type NumberedTerminal,
  TestProcess,
} from './downlink-processes.ts';
import { DownlinkRecord } from './downlink-record.ts';

const TERMINALS = 3;
const PROCESSES = 2;

export type DownlinkEvent =
  | { kind: 'connect'; terminal: number; process: number; subscribes: boolean }
  | {
      kind: 'subscribe' | 'disconnect' | 'cut' | 'fill' | 'drain';
      terminal: number;
      nth: number;
    }
  | { kind: 'send'; terminal: number; nth: number; parcels: { priority: Priority; size: number }[] }
  | { kind: 'acknowledge'; terminal: number; nth: number; frame: number }
  | { kind: 'call'; terminal: number }
  | { kind: 'database'; process: number; state: DatabaseState }
  | { kind: 'stopListening' | 'listen' | 'kill' | 'takeForEnded' | 'write'; process: number };

const terminal = fc.nat({ max: TERMINALS - 1 });
const process = fc.nat({ max: PROCESSES - 1 });
/** Index among a terminal's connections: more than one exist while a process does not know of the later one. */
const nth = fc.nat({ max: 1 });
const parcels = fc.array(
  fc.record({ priority: fc.constantFrom(...PRIORITIES), size: fc.integer({ min: 1, max: 3 }) }),
  { minLength: 1, maxLength: 4 },
);
const event: fc.Arbitrary<DownlinkEvent> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      ...{ kind: fc.constant('connect' as const), terminal, process },
      subscribes: fc.constantFrom(true, true, true, false),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('send' as const), terminal, nth, parcels }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      ...{ kind: fc.constant('acknowledge' as const), terminal, nth },
      frame: fc.nat({ max: 4 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('subscribe', 'subscribe', 'disconnect', 'cut', 'fill', 'drain'),
      ...{ terminal, nth },
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('call' as const), terminal }) },
  {
    weight: 4,
    arbitrary: fc.record({
      ...{ kind: fc.constant('database' as const), process },
      state: fc.constantFrom<DatabaseState[]>('slow', 'slow', 'there', 'away', 'lost'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('stopListening', 'listen', 'kill', 'takeForEnded', 'write'),
      process,
    }),
  },
);

interface World {
  database: TestDatabase;
  activity: Activity;
  record: DownlinkRecord;
  terminals: NumberedTerminal[];
  processes: TestProcess[];
  killed: TestProcess[];
}

async function world(database: TestDatabase, terminals: NumberedTerminal[]): Promise<World> {
  await database.adminPool.query('delete from terminal_owner; delete from ingest_process');
  const w: World = {
    ...{ database, terminals, processes: [], killed: [] },
    ...{ activity: new Activity(), record: new DownlinkRecord() },
  };
  for (let at = 0; at < PROCESSES; at += 1) w.processes.push(await started(w));
  return w;
}

async function started({ database, activity, record }: World): Promise<TestProcess> {
  const made = new TestProcess(database, activity, record);
  await made.start();
  return made;
}

function linesOf(w: World, { terminalId }: NumberedTerminal): Line[] {
  return w.processes
    .flatMap(({ lines }) => [...lines])
    .filter((line) => line.terminal.terminalId === terminalId && !line.stream.destroyed);
}

/** Resolves when nothing happens any more that does not wait for a later event. */
async function atRest({ processes, activity }: World): Promise<void> {
  let seen: number;
  do {
    seen = activity.count;
    for (const each of processes) await each.heard();
    await activity.ended();
  } while (seen !== activity.count);
}

async function run(w: World, s: DownlinkEvent): Promise<void> {
  if (s.kind === 'connect') w.processes[s.process]!.connect(w.terminals[s.terminal]!, s.subscribes);
  else if (s.kind === 'call') await call(w, w.terminals[s.terminal]!);
  else if ('process' in s) await runProcess(w, s);
  else {
    const lines = linesOf(w, w.terminals[s.terminal]!);
    const line = lines[s.nth] ?? lines[0];
    if (line !== undefined) runLine(w, line, s);
  }
  await atRest(w);
}

function runLine(w: World, line: Line, s: Extract<DownlinkEvent, { nth: number }>): void {
  const { connection, process: owner } = line;
  if (s.kind === 'disconnect') line.stream.destroy();
  else if (s.kind === 'fill' || s.kind === 'drain') line.isFull = s.kind === 'fill';
  // Until CONNACK a terminal can only disconnect.
  else if (connection === undefined) return;
  else if (s.kind === 'subscribe') owner.subscribe(line);
  else if (s.kind === 'cut') connection.cut('too_frequent');
  else if (s.kind === 'acknowledge') w.record.acknowledge(line, s.frame);
  else if (s.kind === 'send') for (const parcel of s.parcels) w.record.send(line, parcel);
}

async function runProcess(w: World, s: Extract<DownlinkEvent, { process: number }>): Promise<void> {
  const one = w.processes[s.process]!;
  switch (s.kind) {
    case 'database':
      one.reached.become(s.state);
      return;
    case 'stopListening':
      return one.stopListening();
    case 'listen':
      return one.listen();
    case 'kill':
      w.killed.push(one);
      await one.kill();
      w.processes[s.process] = await started(w);
      return;
    case 'takeForEnded':
      return takeForEnded(w, [one, ...w.killed]);
    case 'write':
      // Ended connections are released together, a moment later.
      if (one.reached.state !== 'slow') await one.owners.idle();
      return;
  }
}

async function call(
  { database }: World,
  { utilityId, terminalId }: NumberedTerminal,
): Promise<void> {
  const db = createDatabase(database.pool);
  await transactAs(db, utilityId, (tx) => callTerminal(tx, terminalId));
}

/** Some processes were silent for two minutes; another one removes their rows. */
async function takeForEnded({ database, processes }: World, silent: TestProcess[]): Promise<void> {
  await database.adminPool.query(
    `update ingest_process set alive_at = alive_at - interval '2 minutes' where process_id = any($1)`,
    [silent.map(({ id }) => id)],
  );
  for (const each of processes)
    if (silent.includes(each)) each.isTakenForEnded = true;
    else await keepProcess(database.ingestPool, each.id);
}

/** Restores everything and waits until all consequences have happened. */
async function comeToRest(w: World): Promise<void> {
  for (const { reached } of w.processes) reached.become('there');
  await atRest(w);
  if (w.killed.length > 0) await takeForEnded(w, w.killed);
  for (const each of w.processes) {
    if (each.isTakenForEnded) await each.stopListening();
    await each.listen();
    await atRest(w);
    if (each.hasMissed) await each.owners.holdAll();
    await atRest(w);
  }
  for (const { owners } of w.processes) await owners.idle();
  await atRest(w);
}

/** A row counts while its process is alive. */
async function checkOwners(w: World): Promise<void> {
  const { rows } = await w.database.adminPool.query<{
    terminal_id: number;
    process_id: string;
    generation: number;
  }>(
    'select terminal_id, process_id, generation from terminal_owner join ingest_process using (process_id)',
  );
  for (const each of w.terminals) {
    const { terminalId } = each;
    const held = linesOf(w, each).map((line) => ({
      terminal_id: terminalId,
      process_id: line.process.id,
      generation: line.connection?.ownerGeneration,
    }));
    ok(held.length <= 1, `terminal ${terminalId} has ${held.length} connections`);
    const owned = rows.filter((row) => row.terminal_id === terminalId);
    if (held.length === 0 && w.record.isUnwritten(terminalId)) continue;
    deepStrictEqual(owned, held, `the owner of terminal ${terminalId}, as it stands and as it is`);
  }
}

async function endAll(w: World): Promise<void> {
  for (const each of w.terminals) for (const { stream } of linesOf(w, each)) stream.destroy();
  await atRest(w);
  w.record.checkEnds();
  w.record.checkFaults();
}

/**
 * For each connection: more urgent messages are handed over first, equal ones in order, with rising counters that no
 * other frame of the terminal has. Each sent message ends as acknowledged, and then the terminal did so, or as gone. At
 * rest a terminal has at most one connection, that of its latest CONNECT, and the table agrees.
 */
export function downlinkHistories(database: TestDatabase): HistoryProperty<DownlinkEvent> {
  let terminals: Promise<NumberedTerminal[]> | undefined;
  return {
    histories: fc.array(event, { minLength: 1, maxLength: 30, size: 'max' }),
    live: async (history) => {
      terminals ??= registerTerminals(database);
      const w = await world(database, await terminals);
      try {
        for (const each of history) await run(w, each);
        await comeToRest(w);
        w.record.checkFaults();
        w.record.checkTakenOver();
        w.record.checkNoneWaits();
        await checkOwners(w);
        await endAll(w);
      } finally {
        for (const each of w.processes) await each.kill();
      }
    },
  };
}

/** Two of one utility, one of another. */
async function registerTerminals({ adminPool }: TestDatabase): Promise<NumberedTerminal[]> {
  const [one, other] = [await createUtility(adminPool), await createUtility(adminPool)];
  const made: NumberedTerminal[] = [];
  for (const utilityId of [one, one, other]) {
    const { terminalId, terminalNumber } = await fitHousehold(adminPool, utilityId);
    made.push({ utilityId, terminalId, terminalNumber });
  }
  return made;
}
