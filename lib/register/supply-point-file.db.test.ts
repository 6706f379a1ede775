import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { transactAs } from '../../db/client.ts';
import type { Tx } from '../../db/schema.ts';
import { createUtility } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import type { Actor, SystemActor } from '../actor.ts';
import { verifyAuditChain } from '../audit/audit-queries.ts';
import { type Kek, parseKek } from '../keys/kek.ts';
import { matchesTerminalSecret } from '../keys/terminal-secret.ts';
import { findTerminalsForConnect } from '../terminals/connect-queries.ts';
import { fitTerminal, registerTerminal } from '../terminals/terminal-commands.ts';
import { instantOf } from '../time.ts';
import { fitMeter, registerMeter } from './meter-commands.ts';
import { moveIn, registerArea, registerSupplyPoint } from './supply-point-commands.ts';
import type { SupplyPointEntry } from './supply-point-file.ts';
import { registerSupplyPoints } from './supply-point-file-commands.ts';
import { areasByCode } from './supply-point-file-queries.ts';
import { findCustomerSupplyPoint } from './supply-point-queries.ts';

const FROM = '2026-04-01';
const NOW = new Date('2026-04-01T00:00:00+09:00');

let database: TestDatabase;
let utilityId: number;
let office: SystemActor;
let kek: Kek;
let run = 0;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  run += 1;
  kek = parseKek(randomBytes(32).toString('hex'), 'test');
  utilityId = await utilityWithArea();
  office = { kind: 'system', utilityId, name: 'test' };
});

async function utilityWithArea(): Promise<number> {
  const id = await createUtility(database.adminPool);
  const limits = { pressureMinPa: 2300, pressureMaxPa: 3300 };
  await transactAs(database.db, id, (tx) =>
    registerArea(
      tx,
      { kind: 'system', utilityId: id, name: 'test' },
      { code: 'yama', name: '山', gasKind: 'lp', ...limits },
    ),
  );
  return id;
}

function act<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
  return transactAs(database.db, utilityId, fn);
}

const digits = (number: number) => String(number).padStart(8, '0');

function entry(index: number, changes: Partial<SupplyPointEntry> = {}): SupplyPointEntry {
  return {
    ...{ row: index + 1, supplyPoint: `Y-${index}`, area: 'yama', closingDay: 31 },
    ...{ customer: digits(index), meterSerial: digits(index), meterSize: 4, dialL: 10_000_000 },
    ...{ startIndexL: 1200, terminal: `9${run}${digits(index)}`, reportMinute: 60 },
    ...changes,
  };
}

const register = (entries: readonly SupplyPointEntry[], actor: Actor = office, fromOn = FROM) =>
  act((tx) =>
    registerSupplyPoints(tx, actor, { entries, fromOn, reportWindowMinutes: 240, kek, now: NOW }),
  );

/** Acts of the audit since `after`, without the ids of their subjects. */
async function actsAfter(after: number) {
  const { rows } = await database.adminPool.query(
    `select act, split_part(subject, ':', 1) as kind, detail from audit where utility_id = $1
     order by audit_id offset $2`,
    [utilityId, after],
  );
  return rows.sort((a, b) => (a.act < b.act ? -1 : 1));
}

/** Registers the same with one verb for each part. */
async function registerSingly(row: SupplyPointEntry): Promise<void> {
  const { supplyPoint, closingDay, customer = '', meterSerial: serial, dialL } = row;
  const from = instantOf(FROM, 0);
  await act(async (tx) => {
    const areaId = (await areasByCode(tx, office)).get('yama')!.areaId;
    const supplyPointId = await registerSupplyPoint(tx, office, {
      ...{ number: supplyPoint, areaId, closingDay, openedOn: FROM },
    });
    await moveIn(tx, office, { supplyPointId, customerNumber: customer, fromOn: FROM });
    await registerMeter(tx, office, { serial, gasKind: 'lp', size: row.meterSize, dialL });
    const at = { supplyPointId, now: NOW };
    const { startIndexL } = row;
    await fitMeter(tx, office, { ...at, serial, fittedAt: from, startIndexL });
    const number = row.terminal ?? '';
    const window = { reportMinute: row.reportMinute, reportWindowMinutes: 240 };
    await registerTerminal(tx, office, { number, model: 'external', ...window, kek });
    await fitTerminal(tx, office, { ...at, number, fromAt: from });
  });
}

async function count(table: string): Promise<number> {
  const { rows } = await database.adminPool.query(
    `select count(*)::int as n from ${table} where utility_id = $1`,
    [utilityId],
  );
  return rows[0].n;
}

describe('registering supply points from a file', () => {
  test('registers everything that single verbs would', async () => {
    const [registered] = await register([entry(1)]);
    const number = entry(1).terminal ?? '';
    expect(registered).toMatchObject({ gasKind: 'lp', terminalNumber: number });
    const found = await act((tx) =>
      findCustomerSupplyPoint(tx, office, { customerNumber: digits(1) }),
    );
    expect(found).toMatchObject({
      ...{ gasKind: 'lp', openedOn: FROM, occupiedFrom: FROM },
      meter: { serial: digits(1), dialL: 10_000_000, startIndexL: 1200 },
      terminal: { number, lastCounter: 0 },
    });
    const known = (await findTerminalsForConnect(database.ingestPool, [number])).get(number);
    const { credentials } = registered!;
    expect(matchesTerminalSecret(credentials.secret, known!.secretHash)).toBe(true);
    expect(known).toMatchObject({ meters: [{ serial: digits(1) }], keys: [{ kekId: kek.id }] });
  });

  test('leaves the audit acts that single verbs would', async () => {
    await register([entry(1)]);
    const recorded = await actsAfter(1);
    utilityId = await utilityWithArea();
    office = { kind: 'system', utilityId, name: 'test' };
    const number = `8${entry(1).terminal?.slice(1)}`;
    await registerSingly(entry(1, { terminal: number }));
    const asSingly = JSON.parse(
      JSON.stringify(recorded).replaceAll(entry(1).terminal ?? '', number),
    );
    expect(await actsAfter(1)).toEqual(asSingly);
    expect(recorded).toHaveLength(6);
  });

  test('on a day in the future is refused', async () => {
    await expect(register([entry(1)], office, '2026-04-02')).rejects.toMatchObject({
      code: 'invalid_input',
    });
    expect(await count('supply_point')).toBe(0);
  });

  test('accepts an unoccupied supply point and a terminal without a number', async () => {
    const vacant = entry(1, { customer: undefined, terminal: undefined, startIndexL: undefined });
    const [registered] = await register([vacant]);
    expect(registered!.terminalNumber).toMatch(/^77\d{12}$/);
    expect(await count('occupancy')).toBe(0);
  });

  test('registers two thousand supply points in order, each in the audit, whose chain is valid', async () => {
    const entries = Array.from({ length: 2_000 }, (_, i) => entry(i + 1));
    const registered = await register(entries);
    expect(registered.map(({ terminalNumber }) => terminalNumber)).toEqual(
      entries.map(({ terminal }) => terminal),
    );
    expect(await count('terminal_fitting')).toBe(2_000);
    const verdict = await act((tx) => verifyAuditChain(tx, utilityId));
    expect(verdict).toMatchObject({ checked: 12_001, broken: undefined });
  });

  test('reports what is registered already by row and column, and registers nothing', async () => {
    await register([entry(1)]);
    const audit = await count('audit');
    const entries = [
      entry(2),
      entry(3, { supplyPoint: 'Y-1' }),
      entry(4, { customer: digits(1) }),
      entry(5, { meterSerial: digits(1) }),
      entry(6, { terminal: entry(1).terminal }),
      entry(7, { area: 'umi' }),
    ];
    await expect(register(entries)).rejects.toMatchObject({
      code: 'conflict',
      message: [
        'the file was refused; nothing was registered:',
        '  row 4, column supply_point: Y-1 is registered already',
        `  row 5, column customer: ${digits(1)} is at another supply point on ${FROM} or later`,
        `  row 6, column meter_serial: ${digits(1)} is registered already`,
        `  row 7, column terminal: ${entry(1).terminal} is registered already`,
        '  row 8, column area: area umi is not registered (there is: yama)',
      ].join('\n'),
    });
    expect([await count('supply_point'), await count('audit')]).toEqual([1, audit]);
  });

  test("reports a terminal number of another utility by its row, without that utility's name", async () => {
    await register([entry(1)]);
    const first = utilityId;
    utilityId = await utilityWithArea();
    office = { kind: 'system', utilityId, name: 'test' };
    await expect(register([entry(2), entry(1)])).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(
        `row 2, column terminal: ${entry(1).terminal} is registered`,
      ),
    });
    expect(await count('supply_point')).toBe(0);
    expect(utilityId).not.toBe(first);
  });

  test("is refused to another utility's actor and staff without the right", async () => {
    const neighbour = { ...office, utilityId: await utilityWithArea() };
    await expect(register([entry(1)], neighbour)).rejects.toMatchObject({ code: 'conflict' });
    const staff: Actor = { kind: 'staff', utilityId, accountId: 1, role: 'admin', sessionId: 's' };
    await expect(register([entry(1)], staff)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await count('supply_point')).toBe(0);
  });
});
