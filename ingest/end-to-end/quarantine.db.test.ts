import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTerminalKey, deriveTerminalKey } from '../../lib/keys/terminal-key.ts';
import { addDays, dayOf, instantOf } from '../../lib/time.ts';
import { terminalBcd } from '../protocol/bcd.ts';
import { sealFrame } from '../protocol/frame.ts';
import { encodeMessage } from '../protocol/message.ts';
import {
  daysOf,
  type IngestBench,
  metricOf,
  quarantineOf,
  startTestIngest,
} from '../testing/ingest.ts';
import { dayReport, noise, seal, type TestTerminal } from '../testing/terminal.ts';

let bench: IngestBench;
const today = dayOf(new Date());
const yesterday = addDays(today, -1);
// Past noon, so that the day is neither over nor without hours.
const startedAtMs = Date.now();
const noonMs = instantOf(today, 12.5).getTime();

beforeAll(async () => {
  bench = await startTestIngest({
    now: () => noonMs + Date.now() - startedAtMs,
    rates: { faults: { burst: 5, perSecond: 0 } },
  });
});
afterAll(() => bench?.close());

describe('an invalid frame', () => {
  const report = (terminal: TestTerminal, change = {}) =>
    dayReport(terminal, { day: yesterday, ...change });
  const cases: [string, string, (terminal: TestTerminal) => Buffer][] = [
    ['that is noise', 'unsupported_version', () => Buffer.alloc(100, 7)],
    ['that is empty', 'frame_too_short', () => Buffer.alloc(0)],
    [
      'under a wrong key',
      'authentication_failed',
      (t) => seal(t, report(t), { key: createTerminalKey() }),
    ],
    [
      'under a generation that it has no key of',
      'unknown_generation',
      (t) => seal(t, report(t), { generation: 9 }),
    ],
    ['with one bit changed', 'authentication_failed', (t) => changed(seal(t, report(t)))],
    ['of a type that is reserved', 'unsupported_type', (t) => sealed(t, 0x04, Buffer.alloc(8))],
    ['of a type that is not known', 'unknown_type', (t) => sealed(t, 0x55, Buffer.alloc(8))],
    [
      'with a byte too many',
      'trailing_bytes',
      (t) => sealed(t, 0x01, Buffer.concat([encodeMessage(report(t)), noise(1)])),
    ],
    [
      'for a meter that is not its own',
      'unknown_meter',
      (t) => seal(t, report(t, { serial: '1' })),
    ],
    [
      'for a day before its meter',
      'unknown_meter',
      (t) => seal(t, report(t, { day: '2010-01-01' })),
    ],
    [
      'for a day that has not begun',
      'future_day',
      (t) => seal(t, report(t, { day: addDays(today, 1) })),
    ],
    ['for an hour to come', 'future_hour', (t) => seal(t, report(t, { day: today }))],
  ];

  it.each(cases)(
    '%s is stored with bytes and reason, and acknowledged',
    async (_, reason, make) => {
      const { terminal, connection } = await bench.connected();
      const frame = make(terminal);
      await connection.send(frame);
      const rows = await quarantineOf(bench, terminal);
      expect(rows).toMatchObject([{ reason, utility_id: terminal.utilityId }]);
      expect(rows[0]!.bytes.equals(frame)).toBe(true);
      expect(await daysOf(bench, terminal)).toEqual([]);
      // The connection stays open, and the counter is not used up.
      await connection.send(seal(terminal, report(terminal)));
      expect(await daysOf(bench, terminal)).toHaveLength(1);
    },
  );

  it('that comes too often ends the connection', async () => {
    const { terminal, connection } = await bench.connected();
    for (let i = 0; i < 5; i += 1) await connection.send(noise(50));
    await expect(connection.send(noise(50))).rejects.toThrow('before the acknowledgement');
    expect(await quarantineOf(bench, terminal)).toHaveLength(5);
    expect(
      await metricOf(bench.ingest, 'kenshin_connections_cut_total{reason="too_many_faults"}'),
    ).toBe(1);
  });

  it('that is only implausible is stored as a day', async () => {
    const { terminal, connection } = await bench.connected();
    const wild = Array.from({ length: 24 }, (_, hour) => (hour * 37_777_777) % 100_000_000);
    await connection.send(seal(terminal, report(terminal, { indexL: wild })));
    expect(await daysOf(bench, terminal)).toMatchObject([{ index_l: wild }]);
  });
});

function changed(frame: Buffer): Buffer {
  frame[20]! ^= 1;
  return frame;
}

function sealed(terminal: TestTerminal, type: number, payload: Buffer): Buffer {
  terminal.counter += 1;
  const bcd = terminalBcd(terminal.terminalNumber);
  const key = deriveTerminalKey(terminal.key, 'uplink', bcd);
  return sealFrame(
    { key, terminalBcd: bcd, generation: 1, counter: terminal.counter },
    type,
    payload,
  );
}
