import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../db/testing.ts';
import { createUtility } from '../db/testing-fixtures.ts';
import { addDays, dayOf } from '../lib/time.ts';
import { createLog } from './log.ts';
import { type Ingest, startIngest } from './start.ts';
import {
  connectTerminal,
  dayReport,
  registerTerminal,
  seal,
  testKeks,
} from './testing-terminal.ts';

let database: TestDatabase;
let ingest: Ingest;
let url: string;
const yesterday = addDays(dayOf(new Date()), -1);

beforeAll(async () => {
  database = await testDatabase();
  ingest = await startIngest({
    pool: database.pool,
    keks: testKeks,
    log: createLog('silent'),
    mqtt: { host: '127.0.0.1', port: 0, maxConnections: 1000 },
    healthPort: 0,
  });
  url = `mqtt://127.0.0.1:${ingest.mqttPort}`;
});
afterAll(async () => {
  await ingest?.stop();
  await database?.close();
});

describe('a day report', () => {
  it('is in the database when it is acknowledged', async () => {
    const utilityId = await createUtility(database.adminPool);
    const terminal = await registerTerminal(database.adminPool, utilityId);
    const connection = await connectTerminal(url, terminal);
    await connection.send(seal(terminal, dayReport(terminal, { day: yesterday })));
    const { rows } = await database.adminPool.query(
      'select * from series.meter_day where utility_id = $1',
      [utilityId],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ closing_hour: 24, closing_index_l: 1230 });
    await connection.end();
  });
});
