/** An exchange that is registered nine days late: what the new meter reported meanwhile is asked again, and stored once. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import type { SystemActor } from '../../lib/actor.ts';
import { exchangeMeter } from '../../lib/register/exchange-commands.ts';
import { listReportedSerials } from '../../lib/register/reported-serials-queries.ts';
import { addDays, dayOf, instantOf } from '../../lib/time.ts';
import { dayOfWire } from '../protocol/wire-time.ts';
import {
  daysOf,
  eventually,
  type IngestBench,
  planAgainAndAgain,
  quarantineOf,
  startTestIngest,
} from '../testing/ingest.ts';
import { connectTerminal, dayReport, listenDown, seal } from '../testing/terminal.ts';

const SERIAL = '777000777';
const REQUESTED = 4;
const today = dayOf(new Date());
// All windows of yesterday are over at this instant, and none of today.
let nowMs = instantOf(today, 23).getTime();
const NINE = [9, 8, 7, 6, 5, 4, 3, 2, 1].map((back) => addDays(today, -back));

let bench: IngestBench;
let planning: ReturnType<typeof planAgainAndAgain>;

beforeAll(async () => {
  bench = await startTestIngest({
    now: () => nowMs,
    asking: { quietMs: 0 },
    schedule: { everyMs: 50 },
  });
  planning = planAgainAndAgain(bench.database, () => nowMs);
});
afterAll(async () => {
  await planning?.stop();
  await bench?.close();
});

it('nine days of an unknown serial are offered, and become readings after the exchange', async () => {
  const terminal = await bench.terminal();
  const { utilityId, meterId, supplyPointId } = terminal;
  const actor: SystemActor = { kind: 'system', utilityId, name: 'test' };
  const connection = await connectTerminal(bench.url, terminal);
  const registerOf = (nth: number) =>
    Array.from({ length: 24 }, (_, hour) => 240 * nth + 10 * (hour + 1));
  for (const [nth, day] of NINE.entries()) {
    const report = dayReport(terminal, { day, serial: SERIAL, indexL: registerOf(nth) });
    await connection.send(seal(terminal, report));
  }
  expect((await quarantineOf(bench, terminal)).map(({ reason }) => reason)).toEqual(
    NINE.map(() => 'unknown_meter'),
  );
  expect(await daysOf(bench, terminal)).toEqual([]);
  const offered = (id: number) =>
    readAs(bench.database.db, utilityId, (db) =>
      listReportedSerials(db, actor, { meterId: id, now: new Date(nowMs) }),
    );
  expect(await offered(meterId)).toMatchObject([{ meterSerial: SERIAL, days: NINE }]);
  await connection.end();

  const { fittedMeterId } = await transactAs(bench.database.db, utilityId, (tx) =>
    exchangeMeter(tx, actor, {
      ...{ supplyPointId, exchangedAt: instantOf(NINE[0] ?? today, 0), newSerial: SERIAL },
      ...{ startIndexL: 0, newMeter: { size: 4, dialL: 10_000_000 }, now: new Date(nowMs) },
    }),
  );
  expect(await offered(fittedMeterId)).toEqual([]);
  // By now every process has read the register anew.
  nowMs += 4 * 60_000;

  const again = await connectTerminal(bench.url, terminal);
  const next = await listenDown(again, terminal);
  const asked: string[] = [];
  while (!NINE.every((day) => asked.includes(day))) {
    const message = await next();
    if (message.type !== 'report_days') continue;
    const last = dayOfWire(message.toDay);
    for (let day = dayOfWire(message.fromDay); day <= last; day = addDays(day, 1)) {
      asked.push(day);
      const nth = NINE.indexOf(day);
      if (nth < 0) continue;
      const content = { day, serial: SERIAL, indexL: registerOf(nth), requested: true };
      await again.send(seal(terminal, dayReport(terminal, content)));
    }
  }
  const stored = await eventually(
    () => daysOf(bench, terminal),
    (rows) => rows.length >= NINE.length,
  );
  expect(stored.map((row) => [row.meter_id, row.arrival, row.index_l])).toEqual(
    NINE.map((_, nth) => [fittedMeterId, REQUESTED, registerOf(nth)]),
  );
  const { rows: feed } = await bench.database.adminPool.query<{ days: number }>(
    `select sum(cardinality(days))::integer as days from day_change
     where utility_id = $1 and what = 'requested' and meter_ids && array[$2::integer]`,
    [utilityId, fittedMeterId],
  );
  expect(feed).toEqual([{ days: NINE.length }]);
  // The refused frames stay where they are, with their bytes.
  expect(await quarantineOf(bench, terminal)).toHaveLength(NINE.length);
});
