import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTerminalKey } from '../../lib/keys/terminal-key.ts';
import { quarantineFrame } from '../../lib/readings/quarantine-commands.ts';
import { addDays, dayOf, instantOf } from '../../lib/time.ts';
import { type IngestBench, startTestIngest } from '../testing/ingest.ts';
import { dayReport, noise, seal, type TestTerminal } from '../testing/terminal.ts';

let bench: IngestBench;
const today = dayOf(new Date());
const yesterday = addDays(today, -1);
let nowMs = instantOf(today, 12.5).getTime();

beforeAll(async () => {
  bench = await startTestIngest({ now: () => nowMs });
});
afterAll(() => bench?.close());

async function refusedOf(terminal: TestTerminal) {
  const { rows } = await bench.database.adminPool.query(
    `select reason, is_authentic, meter_serial, day, received_at from frame_quarantine
     where terminal_number = $1 order by quarantine_id`,
    [terminal.terminalNumber],
  );
  return rows;
}

async function lastSeen(terminal: TestTerminal): Promise<Date | null> {
  const { rows } = await bench.database.adminPool.query<{ last_seen_at: Date | null }>(
    'select last_seen_at from terminal_state where terminal_id = $1',
    [terminal.terminalId],
  );
  return rows[0]?.last_seen_at ?? null;
}

describe('a refused frame', () => {
  it('that is authentic has its meter and day, and counts as contact with the terminal', async () => {
    const { terminal, connection } = await bench.connected();
    const report = dayReport(terminal, { day: yesterday, serial: '79999999999' });
    await connection.send(seal(terminal, report));
    const expected = {
      reason: 'unknown_meter',
      is_authentic: true,
      meter_serial: '79999999999',
      day: yesterday,
      received_at: new Date(nowMs),
    };
    expect(await refusedOf(terminal)).toEqual([expected]);
    expect(await lastSeen(terminal)).toEqual(new Date(nowMs));
  });

  it('has them whatever the reason', async () => {
    const { terminal, connection } = await bench.connected();
    const tomorrow = addDays(today, 1);
    await connection.send(seal(terminal, dayReport(terminal, { day: tomorrow })));
    expect(await refusedOf(terminal)).toMatchObject([
      { reason: 'future_day', is_authentic: true, meter_serial: terminal.serial, day: tomorrow },
    ]);
  });

  it('that is not authentic has neither and does not count as contact', async () => {
    const { terminal, connection } = await bench.connected();
    const forged = seal(terminal, dayReport(terminal, { day: yesterday }), {
      key: createTerminalKey(),
    });
    await connection.send(forged);
    expect(await refusedOf(terminal)).toMatchObject([
      { reason: 'authentication_failed', is_authentic: false, meter_serial: null, day: null },
    ]);
    expect(await lastSeen(terminal)).toBeNull();
  });

  it('of an earlier instant does not set the last contact back', async () => {
    const { terminal, connection } = await bench.connected();
    await connection.send(seal(terminal, dayReport(terminal, { day: yesterday })));
    const seen = await lastSeen(terminal);
    nowMs -= 60_000;
    await connection.send(seal(terminal, dayReport(terminal, { day: yesterday, serial: '1' })));
    nowMs += 60_000;
    expect(await lastSeen(terminal)).toEqual(seen);
  });
});

describe('a frame that is sent once more', () => {
  // With a terminal's secret and one of its frames, a client can send that frame without its key.
  const otherThings = async (send: (frame: Uint8Array) => Promise<void>) => {
    await send(noise(50));
    await send(noise(50));
  };

  it('does not count as contact when it was accepted', async () => {
    const { terminal, connection } = await bench.connected();
    const frames = [
      seal(terminal, dayReport(terminal, { day: yesterday })),
      seal(terminal, { type: 'test_call', terminalTimeS: 0, nonce: 0 }),
    ];
    for (const frame of frames) await connection.send(frame);
    const seen = new Date(nowMs);
    nowMs += 3_600_000;
    for (const frame of frames) await connection.send(frame);
    await otherThings(connection.send);
    expect(await lastSeen(terminal)).toEqual(seen);
  });

  it('does not count as contact when it was accepted and would now be refused', async () => {
    const { terminal, connection } = await bench.connected();
    const frame = seal(terminal, dayReport(terminal, { day: yesterday }));
    await connection.send(frame);
    const seen = new Date(nowMs);
    await bench.database.adminPool.query('delete from series.meter_day where utility_id = $1', [
      terminal.utilityId,
    ]);
    nowMs += 3_600_000;
    await connection.send(frame);
    expect(await refusedOf(terminal)).toMatchObject([{ reason: 'replay', is_authentic: true }]);
    expect(await lastSeen(terminal)).toEqual(seen);
  });

  it('does not count as contact when it was refused, however long ago', async () => {
    const { terminal, connection } = await bench.connected();
    const report = dayReport(terminal, { day: yesterday, serial: '79999999999' });
    const frame = seal(terminal, report);
    await connection.send(frame);
    const seen = new Date(nowMs);
    nowMs += 3_600_000;
    await connection.send(frame);
    await otherThings(connection.send);
    expect(await lastSeen(terminal)).toEqual(seen);
    // As if the session had been removed meanwhile.
    const again = { terminalNumber: terminal.terminalNumber, topic: 't', reason: 'unknown_meter' };
    await quarantineFrame(bench.database.ingestPool, {
      ...{ ...again, offset: null, bytes: frame, receivedAt: new Date(nowMs) },
      ...{ isAuthentic: true, isFresh: true, meterSerial: null, day: null },
    });
    expect(await lastSeen(terminal)).toEqual(seen);
  });
});
