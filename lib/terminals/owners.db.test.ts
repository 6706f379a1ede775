import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, openConnection, transactAs } from '../../db/client.ts';
import { createUtility, fitHousehold } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import {
  callTerminal,
  claimTerminals,
  holdTerminals,
  keepProcess,
  releaseTerminals,
  type TerminalKey,
} from './owner-commands.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());

async function terminalOf(): Promise<TerminalKey> {
  const utilityId = await createUtility(database.adminPool);
  return { utilityId, terminalId: (await fitHousehold(database.adminPool, utilityId)).terminalId };
}

async function processOf(): Promise<string> {
  const processId = randomUUID();
  await keepProcess(database.ingestPool, processId);
  return processId;
}

/** Notifications that a process has received; reads once more, so that earlier ones have arrived. */
async function listenAs(processId: string): Promise<() => Promise<string[]>> {
  const client = await openConnection(database.ingestPool);
  const calls: string[] = [];
  client.on('notification', ({ payload }) => calls.push(payload ?? ''));
  await client.query(`listen "kenshin_process_${processId}"`);
  listening.push(client);
  return async () => {
    await client.query('select');
    return calls;
  };
}
const listening: Awaited<ReturnType<typeof openConnection>>[] = [];
afterAll(() => Promise.all(listening.map((client) => client.end())));

const claim = (processId: string, terminals: TerminalKey[]) =>
  claimTerminals(database.ingestPool, processId, terminals);

async function ownerOf({ terminalId }: TerminalKey): Promise<string | undefined> {
  const { rows } = await database.adminPool.query<{ process_id: string }>(
    'select process_id from terminal_owner where terminal_id = $1',
    [terminalId],
  );
  return rows[0]?.process_id;
}

const call = ({ utilityId, terminalId }: TerminalKey) =>
  transactAs(createDatabase(database.pool), utilityId, (tx) => callTerminal(tx, terminalId));

describe('the owner of a connection', () => {
  it('is the process of the latest CONNECT; the previous one is notified', async () => {
    const [first, second] = [await processOf(), await processOf()];
    const calls = await listenAs(first);
    const terminals = [await terminalOf(), await terminalOf()];
    const [a, b] = await claim(first, terminals);
    expect(b).not.toBe(a);
    const [later] = await claim(second, [terminals[1]!]);
    expect(later).toBeGreaterThan(Math.max(a!, b!));
    expect(await ownerOf(terminals[0]!)).toBe(first);
    expect(await ownerOf(terminals[1]!)).toBe(second);
    expect(await calls()).toEqual([String(terminals[1]!.terminalId)]);
  });

  it('is not notified when its own process connects the terminal anew', async () => {
    const process = await processOf();
    const calls = await listenAs(process);
    const terminal = await terminalOf();
    await claim(process, [terminal]);
    await claim(process, [terminal]);
    expect(await calls()).toEqual([]);
  });

  it('has the generations in the order in which terminals were given', async () => {
    const process = await processOf();
    const terminals = [await terminalOf(), await terminalOf(), await terminalOf()];
    const given = await claim(process, [terminals[2]!, terminals[0]!, terminals[1]!]);
    const held = [2, 0, 1].map((at, nth) => ({ ...terminals[at]!, generation: given[nth]! }));
    expect(await holdTerminals(database.ingestPool, process, held)).toEqual([]);
  });

  it('releases its own connection and no later one', async () => {
    const process = await processOf();
    const terminal = await terminalOf();
    const [old] = await claim(process, [terminal]);
    const [current] = await claim(process, [terminal]);
    const release = (generation: number) =>
      releaseTerminals(database.ingestPool, process, [{ ...terminal, generation }]);
    await release(old!);
    expect(await ownerOf(terminal)).toBe(process);
    await release(current!);
    expect(await ownerOf(terminal)).toBeUndefined();
  });

  it('is entered again by the process that has the connection, unless it is elsewhere', async () => {
    const [first, second] = [await processOf(), await processOf()];
    const [kept, moved] = [await terminalOf(), await terminalOf()];
    const generations = await claim(first, [kept, moved]);
    await database.adminPool.query('delete from terminal_owner');
    await claim(second, [moved]);
    const held = [kept, moved].map((key, at) => ({ ...key, generation: generations[at]! }));
    expect(await holdTerminals(database.ingestPool, first, held)).toEqual([moved.terminalId]);
    expect(await ownerOf(kept)).toBe(first);
    expect(await ownerOf(moved)).toBe(second);
  });

  it('is the process of the latest CONNECT, also where an earlier one was entered again meanwhile', async () => {
    const [first, second] = [await processOf(), await processOf()];
    const terminal = await terminalOf();
    const [earlier] = await claim(first, [terminal]);
    const [latest] = await claim(second, [terminal]);
    const hold = (process: string, generation: number) =>
      holdTerminals(database.ingestPool, process, [{ ...terminal, generation }]);
    // The second process was considered dead, and the first one had not been notified yet.
    await database.adminPool.query('delete from terminal_owner');
    expect(await hold(first, earlier!)).toEqual([]);
    const calls = await listenAs(first);
    expect(await hold(second, latest!)).toEqual([]);
    expect(await ownerOf(terminal)).toBe(second);
    expect(await calls()).toEqual([String(terminal.terminalId)]);
    expect(await hold(first, earlier!)).toEqual([terminal.terminalId]);
    expect(await hold(second, latest!)).toEqual([]);
  });

  it("is notified of the terminal's open requests while its process is alive", async () => {
    const process = await processOf();
    const calls = await listenAs(process);
    const terminal = await terminalOf();
    expect(await call(terminal)).toBe(false);
    await claim(process, [terminal]);
    expect(await call(terminal)).toBe(true);
    expect(await calls()).toEqual([String(terminal.terminalId)]);
    const { utilityId } = await terminalOf();
    expect(await call({ ...terminal, utilityId })).toBe(false);
    await silence(process, '30 seconds');
    expect(await call(terminal)).toBe(false);
    expect(await ownerOf(terminal)).toBe(process);
  });

  it('that was killed is removed with its terminals by the next live process', async () => {
    const [killed, living] = [await processOf(), await processOf()];
    const [lost, kept] = [await terminalOf(), await terminalOf()];
    await claim(killed, [lost]);
    await claim(living, [kept]);
    await silence(killed, '2 minutes');
    expect(await keepProcess(database.ingestPool, living)).toBe(true);
    expect(await ownerOf(lost)).toBeUndefined();
    expect(await ownerOf(kept)).toBe(living);
    // It was only paused: it learns that it was considered dead.
    expect(await keepProcess(database.ingestPool, killed)).toBe(false);
    expect(await keepProcess(database.ingestPool, killed)).toBe(true);
  });
});

function silence(processId: string, since: string): Promise<unknown> {
  return database.adminPool.query(
    'update ingest_process set alive_at = alive_at - $2::interval where process_id = $1',
    [processId, since],
  );
}
