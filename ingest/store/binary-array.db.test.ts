import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { BinaryArray, emptyArray, OID } from './binary-array.ts';

let database: TestDatabase;
let elementOid: number;

beforeAll(async () => {
  database = await testDatabase();
  const { rows } = await database.adminPool.query(
    `select 'day_report_row'::regtype::oid::integer as oid`,
  );
  elementOid = rows[0].oid;
});
afterAll(() => database?.close());

interface Row {
  meter_id: number;
  hour: number | null;
  counter: number;
  indexL: (number | null)[];
  pressurePa: (number | null)[];
}

const int4 = fc.integer({ min: -0x80000000, max: 0x7fffffff });
const int2 = fc.integer({ min: -0x8000, max: 0x7fff });
const hours = (value: fc.Arbitrary<number>) =>
  fc.array(fc.option(value, { freq: 3 }), { minLength: 24, maxLength: 24 });
const rowsOf = fc.array(
  fc.record({
    meter_id: int4,
    hour: fc.option(fc.integer({ min: 1, max: 24 })),
    counter: fc.integer({ min: 0, max: 0xffffffff }),
    indexL: hours(int4),
    pressurePa: hours(int2),
  }),
  { maxLength: 40 },
);

function maskOf(values: readonly (number | null)[]): number {
  return values.reduce<number>(
    (mask, value, at) => (value === null ? mask : mask | (0x800000 >> at)),
    0,
  );
}

function write(array: BinaryArray, row: Row): number {
  const start = array.begin();
  array.int4(row.meter_id);
  array.int4(9162, OID.date);
  array.int4(2);
  array.hours(
    Int32Array.from(row.indexL, (value) => value ?? 0),
    maskOf(row.indexL),
  );
  array.hours(
    Int16Array.from(row.pressurePa, (value) => value ?? 0),
    maskOf(row.pressurePa),
  );
  array.int4(null);
  array.int2(row.hour);
  array.int8(0, row.counter);
  array.int4(-1);
  array.int2(1);
  array.end();
  return start;
}

async function readBack(bytes: Buffer): Promise<unknown[]> {
  const { rows } = await database.ingestPool.query(
    `select meter_id, day::text, index_l as "indexL", pressure_pa as "pressurePa", closing_index_l, closing_hour as hour, counter
     from unnest($1::day_report_row[])`,
    [bytes],
  );
  return rows;
}

const expected = (row: Row) => ({ ...row, day: '2025-01-31', closing_index_l: null });

describe('a binary array', () => {
  it('is read by PostgreSQL, whatever is missing', async () => {
    const array = new BinaryArray(elementOid, 10, 512);
    await fc.assert(
      fc.asyncProperty(rowsOf, async (rows) => {
        array.clear();
        for (const row of rows) write(array, row);
        expect(await readBack(array.bytes())).toEqual(rows.map(expected));
      }),
      { numRuns: 40 },
    );
  });

  it('gives each of its elements separately', async () => {
    const array = new BinaryArray(elementOid, 10, 512);
    const rows = fc.sample(rowsOf, { numRuns: 5, seed: 1 }).flat();
    const starts = rows.map((row) => write(array, row));
    const last = rows.length - 1;
    expect(await readBack(array.elementAt(starts[last]!))).toEqual([expected(rows[last]!)]);
  });

  it('may be empty', async () => {
    expect(await readBack(emptyArray(elementOid))).toEqual([]);
    expect(await readBack(new BinaryArray(elementOid, 10, 512).bytes())).toEqual([]);
  });
});
