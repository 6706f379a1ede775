/**
 * Reports of a meter whose exchange is undone while its terminal is connected: an acknowledged report is stored or in
 * quarantine.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { transactAs } from '../../db/client.ts';
import type { SystemActor } from '../../lib/actor.ts';
import { exchangeMeter, undoExchange } from '../../lib/register/exchange-commands.ts';
import { addDays, dayOf, instantOf } from '../../lib/time.ts';
import {
  daysOf,
  eventually,
  type IngestBench,
  quarantineOf,
  startTestIngest,
} from '../testing/ingest.ts';
import { connectTerminal, dayReport, seal, type TestTerminal } from '../testing/terminal.ts';

let bench: IngestBench;
let nowMs = Date.now();
const today = dayOf(new Date());
const dayBack = (back: number) => addDays(today, -back);
const SERIAL = '777';
const DIAL_L = 10_000_000;

beforeAll(async () => {
  bench = await startTestIngest({
    sessions: { sweepEveryMs: 50, refreshAfterMs: 60_000 },
    now: () => nowMs,
  });
});
afterAll(() => bench?.close());

const office = ({ utilityId }: TestTerminal): SystemActor => ({
  ...{ kind: 'system', utilityId, name: 'test' },
});

/** Exchanges the terminal's meter for a newly registered one; resolves with the ids of exchange and meter. */
const exchange = (terminal: TestTerminal) =>
  transactAs(bench.database.db, terminal.utilityId, (tx) =>
    exchangeMeter(tx, office(terminal), {
      ...{ removedMeterId: terminal.meterId, exchangedAt: instantOf(dayBack(3), 10) },
      ...{ newSerial: SERIAL, newMeter: { size: 4, dialL: DIAL_L }, now: new Date(nowMs) },
    }),
  );

const undo = (terminal: TestTerminal, exchangeId: number) =>
  transactAs(bench.database.db, terminal.utilityId, (tx) =>
    undoExchange(tx, office(terminal), { exchangeId }),
  );

async function isRegistered({ utilityId }: TestTerminal): Promise<boolean> {
  const { rows } = await bench.database.adminPool.query(
    'select from meter where utility_id = $1 and serial = $2',
    [utilityId, SERIAL],
  );
  return rows.length > 0;
}

it('a day acknowledged after the undo belongs to the meter once it is registered again', async () => {
  const terminal = await bench.terminal();
  const { exchangeId, fittedMeterId } = await exchange(terminal);
  const connection = await connectTerminal(bench.url, terminal);
  expect(await undo(terminal, exchangeId)).toEqual({ keptMeter: false });
  expect(await isRegistered(terminal)).toBe(false);

  // The sidecar has not been notified yet: the day is stored and acknowledged.
  const report = dayReport(terminal, { day: dayBack(1), serial: SERIAL });
  await connection.send(seal(terminal, report));
  expect(await daysOf(bench, terminal)).toMatchObject([
    { day: expect.anything(), meter_id: fittedMeterId },
  ]);
  expect(await quarantineOf(bench, terminal)).toEqual([]);

  const again = await exchange(terminal);
  expect(again.fittedMeterId).toBe(fittedMeterId);
  const { rows } = await bench.database.adminPool.query(
    `select m.serial from series.meter_day d join meter m using (utility_id, meter_id) where d.utility_id = $1`,
    [terminal.utilityId],
  );
  expect(rows).toEqual([{ serial: SERIAL }]);
  // The meter has a stored day, so it stays registered.
  expect(await undo(terminal, again.exchangeId)).toEqual({ keptMeter: true });
});

it('a value beyond the dial is refused by the register: the frame is in quarantine with its bytes', async () => {
  const terminal = await bench.terminal();
  const { exchangeId } = await exchange(terminal);
  const connection = await connectTerminal(bench.url, terminal);
  await undo(terminal, exchangeId);
  const indexL = Array.from({ length: 24 }, (_, hour) => (hour === 12 ? DIAL_L + 1 : 10 * hour));
  const frame = seal(terminal, dayReport(terminal, { day: dayBack(1), serial: SERIAL, indexL }));
  await connection.send(frame);
  expect(await daysOf(bench, terminal)).toEqual([]);
  expect(await quarantineOf(bench, terminal)).toMatchObject([
    { reason: 'not_storable', bytes: frame },
  ]);
});

it('a report after the sidecar was notified of the undo is in quarantine', async () => {
  const terminal = await bench.terminal();
  const { exchangeId } = await exchange(terminal);
  const connection = await connectTerminal(bench.url, terminal);
  await undo(terminal, exchangeId);
  nowMs += 61_000;
  const reasons = async () => {
    const report = dayReport(terminal, { day: dayBack(1), serial: SERIAL });
    await connection.send(seal(terminal, report));
    return (await quarantineOf(bench, terminal)).map(({ reason }) => reason);
  };
  await eventually(reasons, (all) => all.includes('unknown_meter'));
});
