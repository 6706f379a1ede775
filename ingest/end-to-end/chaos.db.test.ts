import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EmbeddedServer, startServer } from '../../db/private-server/private-server.ts';
import { findServerHome } from '../../db/private-server/server-home.ts';
import { cloneDatabase, type TestDatabase } from '../../db/testing/database.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { testClock, testPrograms } from '../../db/testing/testing.ts';
import { addDays, dayOf } from '../../lib/time.ts';
import { eventually } from '../testing/ingest.ts';
import {
  answerReader,
  connectPacket,
  DISCONNECT_PACKET,
  publishPacket,
} from '../testing/packets.ts';
import { dayReport, registerTerminal, seal, type TestTerminal } from '../testing/terminal.ts';

const TERMINALS = 250;
const DAYS = 400;
const FRAMES = TERMINALS * DAYS;
const CONNECTIONS = 20;
const WINDOW = 32;
const today = dayOf(new Date());

let folder: string;
let server: EmbeddedServer;
let database: TestDatabase;
let sidecar: { child: ChildProcess; port: number };

async function startDatabaseServer(): Promise<EmbeddedServer> {
  return startServer({
    stateDir: folder,
    name: 'chaos',
    bin: await testPrograms(),
    environment: { NODE_ENV: 'test', ...testClock() },
  });
}

async function startSidecar(): Promise<{ child: ChildProcess; port: number }> {
  const environment = {
    DATABASE_URL: database.ingestUrl,
    KENSHIN_KEK_DIRECTORY: folder,
    KENSHIN_MQTT_PORT: '0',
    KENSHIN_HEALTH_PORT: '0',
    LOG_LEVEL: 'error',
  };
  const child = fork(fileURLToPath(new URL('../main.ts', import.meta.url)), {
    env: { NODE_ENV: 'production', ...environment, ...testClock() },
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { mqttPort: number }).mqttPort));
    child.once('exit', () => reject(new Error('the sidecar ended')));
  });
  return { child, port };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kenshin-chaos-'));
  server = await startDatabaseServer();
  database = await cloneDatabase(server.adminUrl);
  await writeFile(join(folder, 'chaos.key'), '5a'.repeat(32), { mode: 0o600 });
});
afterAll(async () => {
  sidecar?.child.kill('SIGKILL');
  await database?.close();
  await server?.stop();
  const { directory } = await findServerHome(folder);
  await rm(directory, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

let acknowledged = 0;

/** Sends a terminal's frames, and after each broken connection again those that were not acknowledged. */
async function sendAll(terminal: TestTerminal): Promise<void> {
  const open = new Map<number, Buffer>();
  for (let back = DAYS; back >= 1; back -= 1) {
    const frame = seal(
      terminal,
      dayReport(terminal, { day: addDays(today, -back), history: true }),
    );
    open.set(terminal.counter, publishPacket(terminal.terminalNumber, terminal.counter, frame));
  }
  while (open.size > 0) {
    await sendOnce(terminal, open);
    if (open.size > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Writes the next open frames, as many as there is room for. */
function filler(socket: Socket, open: Map<number, Buffer>): (room: number) => void {
  const waiting = [...open.keys()];
  return (room) => {
    const packets = waiting.splice(0, room).map((identifier) => open.get(identifier)!);
    if (packets.length > 0) socket.write(Buffer.concat(packets));
  };
}

function sendOnce(terminal: TestTerminal, open: Map<number, Buffer>): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port: sidecar.port, host: '127.0.0.1', noDelay: true });
    const fill = filler(socket, open);
    const read = answerReader((answer) => {
      if (answer.type === 'connack') fill(answer.returnCode === 0 ? WINDOW : 0);
      else onPuback(answer.identifier);
    });
    const onPuback = (identifier: number) => {
      if (open.delete(identifier)) acknowledged += 1;
      if (open.size === 0) socket.end(DISCONNECT_PACKET);
      else fill(1);
    };
    socket.on('connect', () =>
      socket.write(connectPacket(terminal.terminalNumber, terminal.secret)),
    );
    socket.on('data', read);
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
}

const reached = (count: number) =>
  eventually(
    async () => acknowledged,
    (now) => now >= count,
    120_000,
  );

it('100,000 frames survive the killing of sidecar and database: none is lost or stored twice', async () => {
  const utilityId = await createUtility(database.adminPool, 'chaos');
  const terminals = Array.from({ length: TERMINALS }, () =>
    registerTerminal(database.adminPool, utilityId),
  );
  const waiting = await Promise.all(terminals);
  sidecar = await startSidecar();
  const workers = Array.from({ length: CONNECTIONS }, async () => {
    for (let terminal = waiting.pop(); terminal; terminal = waiting.pop()) await sendAll(terminal);
  });
  const load = Promise.all(workers);

  await reached(FRAMES / 5);
  sidecar.child.kill('SIGKILL');
  sidecar = await startSidecar();

  await reached((2 * FRAMES) / 5);
  process.kill((await server.pid())!, 'SIGKILL');
  const before = server;
  server = await startDatabaseServer();
  await before.stop();

  await reached((3 * FRAMES) / 5);
  sidecar.child.kill('SIGKILL');
  sidecar = await startSidecar();
  await load;

  expect(acknowledged).toBe(FRAMES);
  const { rows } = await database.adminPool.query(
    `select count(*)::integer as stored, max(revision)::integer as revision,
            (select count(*)::integer from meter_day_revision) as revisions,
            (select count(*)::integer from frame_quarantine) as quarantined
     from series.meter_day`,
  );
  expect(rows).toEqual([{ stored: FRAMES, revision: 0, revisions: 0, quarantined: 0 }]);
}, 240_000);
