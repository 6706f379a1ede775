import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitMeter } from '../../db/testing/fixtures.ts';
import { createTerminalKey } from '../../lib/keys/terminal-key.ts';
import { addDays, dayOf } from '../../lib/time.ts';
import {
  daysOf,
  type IngestBench,
  metricOf,
  quarantineOf,
  startTestIngest,
} from '../testing/ingest.ts';
import { addKey, connectTerminal, dayReport, seal } from '../testing/terminal.ts';

let bench: IngestBench;
const today = dayOf(new Date());
const yesterday = addDays(today, -1);
const rising = Array.from({ length: 24 }, (_, hour) => 1000 + 10 * hour);
const firstHalf = rising.map((value, at) => (at < 12 ? value : null));
const secondHalf = rising.map((value, at) => (at < 12 ? null : value));

beforeAll(async () => {
  bench = await startTestIngest();
});
afterAll(() => bench?.close());

describe('a day report', () => {
  it('is in the database when it is acknowledged', async () => {
    const { terminal, connection } = await bench.connected();
    await connection.send(seal(terminal, dayReport(terminal, { day: yesterday })));
    expect(await daysOf(bench, terminal)).toMatchObject([
      {
        day: yesterday,
        meter_id: terminal.meterId,
        index_l: rising,
        closing_index_l: 1230,
        closing_hour: 24,
        revision: 0,
      },
    ]);
  });

  it('updates the condition and the clock of its terminal', async () => {
    const { terminal, connection } = await bench.connected();
    const sealedAt = new Date(Date.now() + 300_000);
    await connection.send(seal(terminal, dayReport(terminal, { day: yesterday, sealedAt })));
    const { rows } = await bench.database.adminPool.query(
      'select * from terminal_state where utility_id = $1',
      [terminal.utilityId],
    );
    expect(rows).toMatchObject([
      { up_high: 1, up_window: 1, battery_mv: 3600, signal_dbm: -90, link: 0, firmware: 258 },
    ]);
    expect(Math.abs(rows[0].clock_offset_s - 300)).toBeLessThanOrEqual(2);
  });

  it('of history updates the condition too, and not the clock', async () => {
    const { terminal, connection } = await bench.connected();
    await connection.send(seal(terminal, dayReport(terminal, { day: yesterday, history: true })));
    const { rows } = await bench.database.adminPool.query(
      'select * from terminal_state where utility_id = $1',
      [terminal.utilityId],
    );
    expect(rows).toMatchObject([{ battery_mv: 3600, signal_dbm: -90, clock_offset_s: null }]);
  });

  it('may lack hours, the last ones included', async () => {
    const { terminal, connection } = await bench.connected();
    const pressurePa = Array.from({ length: 24 }, () => null);
    await connection.send(
      seal(terminal, dayReport(terminal, { day: yesterday, indexL: firstHalf, pressurePa })),
    );
    expect(await daysOf(bench, terminal)).toMatchObject([
      { index_l: firstHalf, closing_index_l: 1110, closing_hour: 12 },
    ]);
  });

  it('may lack every hour', async () => {
    const { terminal, connection } = await bench.connected();
    const nothing = Array.from({ length: 24 }, () => null);
    await connection.send(
      seal(terminal, dayReport(terminal, { day: yesterday, indexL: nothing, pressurePa: nothing })),
    );
    expect(await daysOf(bench, terminal)).toMatchObject([
      { index_l: nothing, closing_index_l: null, closing_hour: null },
    ]);
  });

  it('completes a day without losing known values', async () => {
    const { terminal, connection } = await bench.connected();
    await connection.send(
      seal(terminal, dayReport(terminal, { day: yesterday, indexL: firstHalf })),
    );
    await connection.send(
      seal(terminal, dayReport(terminal, { day: yesterday, indexL: secondHalf })),
    );
    expect(await daysOf(bench, terminal)).toMatchObject([
      { index_l: rising, closing_index_l: 1230, closing_hour: 24, revision: 1 },
    ]);
  });

  it('corrects a day and keeps the previous version', async () => {
    const { terminal, connection } = await bench.connected();
    await connection.send(seal(terminal, dayReport(terminal, { day: yesterday })));
    const corrected = rising.map((value) => value + 1);
    await connection.send(
      seal(terminal, dayReport(terminal, { day: yesterday, indexL: corrected })),
    );
    expect(await daysOf(bench, terminal)).toMatchObject([{ index_l: corrected, revision: 1 }]);
    const { rows } = await bench.database.adminPool.query(
      'select change, index_l from meter_day_revision where utility_id = $1',
      [terminal.utilityId],
    );
    expect(rows).toEqual([{ change: 'corrected', index_l: rising }]);
  });

  it('changes no value when the day is stored with the same content', async () => {
    const { terminal, connection } = await bench.connected();
    const sealedAt = new Date();
    await connection.send(seal(terminal, dayReport(terminal, { day: yesterday, sealedAt })));
    await connection.send(seal(terminal, dayReport(terminal, { day: yesterday, sealedAt })));
    expect(await daysOf(bench, terminal)).toMatchObject([{ counter: 2, revision: 0 }]);
  });

  it('is stored whatever the order of days and counters', async () => {
    const { terminal, connection } = await bench.connected();
    const days = [3, 1, 5, 2, 4].map((back) => addDays(today, -back));
    const frames = days.map((day) => seal(terminal, dayReport(terminal, { day })));
    for (const frame of frames.reverse()) await connection.send(frame);
    expect((await daysOf(bench, terminal)).map(({ day }) => day)).toEqual([...days].sort());
    expect(await quarantineOf(bench, terminal)).toEqual([]);
  });

  it('has the arrival of its kind', async () => {
    const { terminal, connection } = await bench.connected();
    const sent = [
      { day: yesterday, arrival: 1 },
      { day: addDays(today, -3), arrival: 2 },
      { day: addDays(today, -4), arrival: 3, history: true },
      { day: addDays(today, -5), arrival: 4, requested: true },
      { day: addDays(today, -6), arrival: 3, requested: true, history: true },
    ];
    await bench.database.adminPool.query(
      'update terminal set report_minute = 1439, report_window_minutes = 1440 where utility_id = $1',
      [terminal.utilityId],
    );
    const again = await connectTerminal(bench.url, terminal);
    await connection.ended;
    for (const content of sent) await again.send(seal(terminal, dayReport(terminal, content)));
    const stored = new Map((await daysOf(bench, terminal)).map((row) => [row.day, row.arrival]));
    for (const { day, arrival } of sent) expect([day, stored.get(day)]).toEqual([day, arrival]);
  });

  it('of either meter of an exchange is stored under its own', async () => {
    const { terminal, connection } = await bench.connected();
    await bench.database.adminPool.query(
      `update meter_fitting set removed_at = $2::date + time '12:00' where utility_id = $1`,
      [terminal.utilityId, yesterday],
    );
    const next = await fitMeter(bench.database.adminPool, terminal.utilityId, {
      supplyPointId: terminal.supplyPointId,
      fittedAt: `${yesterday}T21:00:00+09:00`,
    });
    const again = await connectTerminal(bench.url, terminal);
    await connection.ended;
    await again.send(seal(terminal, dayReport(terminal, { day: yesterday, indexL: firstHalf })));
    await again.send(
      seal(
        terminal,
        dayReport(terminal, { day: yesterday, indexL: secondHalf, serial: next.serial }),
      ),
    );
    expect((await daysOf(bench, terminal)).map((row) => [row.meter_id, row.closing_hour])).toEqual([
      [terminal.meterId, 12],
      [next.meterId, 24],
    ]);
  });

  it('sealed with either living generation of the key is accepted', async () => {
    const terminal = await bench.terminal();
    const key = createTerminalKey();
    await addKey(bench.database.adminPool, { ...terminal, generation: 2, key });
    const connection = await connectTerminal(bench.url, terminal);
    await connection.send(seal(terminal, dayReport(terminal, { day: yesterday })));
    const later = dayReport(terminal, { day: addDays(today, -2) });
    await connection.send(seal(terminal, later, { generation: 2, key }));
    expect(await daysOf(bench, terminal)).toHaveLength(2);
  });
});

describe('many frames at once', () => {
  it('with the same day among them are stored one after the other', async () => {
    const { terminal, connection } = await bench.connected();
    const versions = Array.from({ length: 8 }, (_, version) =>
      rising.map((value) => value + version),
    );
    const frames = versions.map((indexL) =>
      seal(terminal, dayReport(terminal, { day: yesterday, indexL })),
    );
    await Promise.all(frames.map((frame) => connection.send(frame)));
    expect(await daysOf(bench, terminal)).toMatchObject([
      { index_l: versions[7], revision: 7, counter: 8 },
    ]);
  });

  it('of several utilities are all stored', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => bench.connected()));
    const days = Array.from({ length: 40 }, (_, back) => addDays(today, -1 - back));
    await Promise.all(
      all.flatMap(({ terminal, connection }) =>
        days.map((day) => connection.send(seal(terminal, dayReport(terminal, { day })))),
      ),
    );
    for (const { terminal } of all) expect(await daysOf(bench, terminal)).toHaveLength(40);
  });

  it('are counted', async () => {
    expect(
      await metricOf(bench.ingest, 'kenshin_frames_received_total{type="day_report"}'),
    ).toBeGreaterThan(240);
    expect(
      await metricOf(bench.ingest, 'kenshin_day_reports_total{outcome="corrected"}'),
    ).toBeGreaterThanOrEqual(8);
    expect(await metricOf(bench.ingest, 'kenshin_batch_frames_count')).toBeGreaterThan(0);
    expect(await metricOf(bench.ingest, 'kenshin_frames_queued')).toBe(0);
  });
});

describe('a status or a test call', () => {
  const status = { batteryMv: 3300, signalDbm: null, link: 'fan', firmware: 3 } as const;

  it('updates the condition and stores no reading', async () => {
    const { terminal, connection } = await bench.connected();
    const terminalTimeS = 0;
    await connection.send(seal(terminal, { type: 'status', terminalTimeS, status }));
    await connection.send(seal(terminal, { type: 'test_call', terminalTimeS, nonce: 0 }));
    const { rows } = await bench.database.adminPool.query(
      'select * from terminal_state where utility_id = $1',
      [terminal.utilityId],
    );
    expect(rows).toMatchObject([
      { up_high: 2, battery_mv: 3300, signal_dbm: null, link: 1, firmware: 3 },
    ]);
    expect(await daysOf(bench, terminal)).toEqual([]);
  });

  it('sent again is acknowledged and ignored', async () => {
    const { terminal, connection } = await bench.connected();
    const frame = seal(terminal, { type: 'status', terminalTimeS: 0, status });
    await connection.send(frame);
    await connection.send(frame);
    expect(await quarantineOf(bench, terminal)).toEqual([]);
  });
});
