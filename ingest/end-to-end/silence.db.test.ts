import { connect } from 'node:net';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPool } from '../../db/client.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { addDays, dayOf } from '../../lib/time.ts';
import { createLog } from '../log.ts';
import { type Ingest, startIngest } from '../start.ts';
import { eventually } from '../testing/ingest.ts';
import { type DatabaseLine, proxyTo } from '../testing/proxy.ts';
import {
  connectTerminal,
  dayReport,
  listenDown,
  registerTerminal,
  seal,
  type TestTerminal,
  testKeks,
} from '../testing/terminal.ts';

// A database that neither answers nor closes the connection: the most expensive fault, because the outcome of its
// statements is unknown.
let database: TestDatabase;
let line: DatabaseLine;
let pool: pg.Pool;
let ingest: Ingest;
let warnings: string[] = [];
const today = dayOf(new Date());

beforeAll(async () => {
  database = await testDatabase();
  line = await proxyTo(database.ingestUrl);
  pool = openPool(line.url, {
    applicationName: 'kenshin silence test',
    max: 10,
    queryTimeoutMs: 600,
    connectTimeoutMs: 600,
  });
  const log = Object.assign(createLog('silent'), {
    warn: (_: unknown, message: string) => warnings.push(message),
  });
  ingest = await startIngest({
    pool,
    keks: testKeks,
    log,
    mqtt: { host: '127.0.0.1', port: 0, maxConnections: 100 },
    healthPort: 0,
    logBounds: { linesOfKind: 1000, linesOfSource: 1000, intervalMs: 60_000 },
    drain: { commitMs: 300, flushMs: 300 },
    asking: { quietMs: 0 },
    schedule: { everyMs: 50 },
    limits: {
      commitTimeoutMs: 500,
      prepareTimeoutMs: 500,
      heartbeat: { everyMs: 100, timeoutMs: 500 },
    },
  });
});
afterAll(async () => {
  line?.release();
  await line?.close();
  await pool?.end();
  await database?.close();
});

const health = () =>
  fetch(`http://127.0.0.1:${ingest.healthPort}/healthz`).then((response) => response.ok);

/** A terminal that sends days and receives requests over ever new connections until it is stopped. */
class RestlessTerminal {
  readonly terminal: TestTerminal;
  readonly acknowledged: string[] = [];
  stopped = false;
  #back = 0;

  constructor(terminal: TestTerminal) {
    this.terminal = terminal;
  }

  async live(): Promise<void> {
    const url = `mqtt://127.0.0.1:${ingest.mqttPort}`;
    while (!this.stopped) {
      const connection = await connectTerminal(url, this.terminal, { connectTimeout: 1000 }).catch(
        () => undefined,
      );
      if (connection === undefined) continue;
      await this.#send(connection).catch(() => undefined);
      await connection.end();
    }
  }

  async #send(connection: Awaited<ReturnType<typeof connectTerminal>>): Promise<void> {
    await listenDown(connection, this.terminal);
    while (!this.stopped) {
      this.#back += 1;
      const day = addDays(today, -this.#back);
      await connection.send(seal(this.terminal, dayReport(this.terminal, { day })));
      this.acknowledged.push(day);
    }
  }
}

describe('a database that stops answering', () => {
  it('while terminals send and are asked loses nothing that is acknowledged later', async () => {
    const utilityId = await createUtility(database.adminPool);
    const fleet: RestlessTerminal[] = [];
    for (let i = 0; i < 12; i += 1)
      fleet.push(new RestlessTerminal(await registerTerminal(database.adminPool, utilityId)));
    const lives = fleet.map((each) => each.live());
    const acknowledged = async () => fleet.reduce((sum, each) => sum + each.acknowledged.length, 0);
    const reach = async (more: number) => {
      const from = await acknowledged();
      await eventually(acknowledged, (now) => now >= from + more, 20_000);
    };
    await reach(100);
    // A request running when the line went dead is abandoned in the middle of a transaction.
    for (let round = 1; round <= 3; round += 1) {
      warnings = [];
      line.hold();
      await eventually(
        async () => warnings,
        (all) => all.includes('a terminal could not be asked'),
        10_000,
      );
      line.release();
      await reach(100);
    }
    for (const each of fleet) each.stopped = true;
    await Promise.all(lives);
    for (const { terminal, acknowledged: days } of fleet) {
      const { rows } = await database.adminPool.query<{ missing: string[]; quarantined: string[] }>(
        `select array(select unnest($1::date[]) except select day from series.meter_day where meter_id = $2)::text[] as missing,
                array(select reason || ' ' || received_at from frame_quarantine where terminal_number = $3) as quarantined`,
        [days, terminal.meterId, terminal.terminalNumber],
      );
      expect(rows[0]).toEqual({ missing: [], quarantined: [] });
    }
  }, 60_000);

  it('while no terminal sends is noticed all the same, and so is its recovery', async () => {
    await eventually(health, (isWell) => isWell);
    line.hold();
    await eventually(health, (isWell) => !isWell);
    line.release();
    await eventually(health, (isWell) => isWell);
  });

  // Last, because it stops the sidecar.
  it('does not delay the end, nor does a connection that has not signed in', async () => {
    const utilityId = await createUtility(database.adminPool);
    const terminal = await registerTerminal(database.adminPool, utilityId);
    const url = `mqtt://127.0.0.1:${ingest.mqttPort}`;
    const connection = await connectTerminal(url, terminal);
    const stranger = connect(ingest.mqttPort, '127.0.0.1');
    const strangerGone = new Promise((resolve) => stranger.once('close', resolve));
    stranger.on('error', () => undefined);
    await new Promise((resolve) => stranger.once('connect', resolve));
    line.hold();
    const sent = connection.send(seal(terminal, dayReport(terminal, { day: addDays(today, -1) })));
    const refused = expect(sent).rejects.toThrow('before the acknowledgement');
    await Promise.all([ingest.stop(), refused, strangerGone]);
  });
});
