import { rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { addDays } from '../lib/time.ts';
import { type ReplayOptions, replayFile } from './replay/run-replay.ts';
import { replayDays as content, type ReplayBench, replayBench } from './replay/testing-replay.ts';

const FIRST = '2024-02-20';
// Child processes, which a busy machine starts slowly.
vi.setConfig({ testTimeout: 180_000 });

let bench: ReplayBench;
let options: ReplayOptions;
const rows = (text: string) => bench.rows(text);
beforeEach(async () => {
  bench = await replayBench();
  options = bench.options;
});
afterEach(() => bench.close());

describe('replaying a file', () => {
  test('every day goes in as history and stands in the database as in the file', async () => {
    await writeFile(options.file, content(FIRST, 500));
    const acknowledged: number[] = [];
    const result = await replayFile({
      ...options,
      onProgress: (count) => acknowledged.push(count),
    });
    expect(result).toMatchObject({
      sent: 500,
      committed: 500,
      added: 500,
      missing: [],
      quarantined: [],
    });
    expect(acknowledged.at(-1)).toBe(500);
    const days = await rows('select * from series.meter_day order by day');
    expect(days).toHaveLength(500);
    expect(days.every((day) => day.arrival === 3)).toBe(true);
    expect(days[6]).toMatchObject({ day: addDays(FIRST, 6), closing_hour: 24 });
    expect((days[6]!.index_l as (number | null)[])[2]).toBeNull();
    expect(days[9]!.closing_index_l).toBe(1_000_000 + (9 * 24 + 23) * 15);
  });

  test('the register gets what it lacks: month end, a dial of 99,999.999 m³, the customer', async () => {
    await writeFile(options.file, content(FIRST, 3));
    const result = await replayFile(options);
    expect(result.registered).toEqual(['supply point', 'meter', 'terminal']);
    expect(await rows('select closing_day, gas_kind, opened_on from supply_point')).toEqual([
      { closing_day: 31, gas_kind: 'city', opened_on: FIRST },
    ]);
    expect(await rows('select dial_l from meter')).toEqual([{ dial_l: 100_000_000 }]);
    expect(await rows('select customer_number, from_on from occupancy')).toEqual([
      { customer_number: '0042', from_on: FIRST },
    ]);
  });

  test('the same file again changes nothing', async () => {
    await writeFile(options.file, content(FIRST, 600));
    await replayFile(options);
    // Everything but the last frame's own columns.
    const held = `select (to_jsonb(d) - 'counter' - 'frame_check') as day from series.meter_day d order by d.day`;
    const before = await rows(held);
    expect(before).toHaveLength(600);
    expect(await replayFile(options)).toMatchObject({
      sent: 600,
      committed: 600,
      added: 0,
      changed: 0,
      quarantined: [],
      registered: [],
    });
    expect(await rows(held)).toEqual(before);
    expect(await rows('select * from meter_day_revision')).toEqual([]);
    expect(await rows('select * from terminal')).toHaveLength(1);
  });

  test('a file that corrects days keeps the old versions', async () => {
    await writeFile(options.file, content(FIRST, 5));
    await replayFile(options);
    await writeFile(options.file, content(FIRST, 5, 1_000_007));
    expect(await replayFile(options)).toMatchObject({ committed: 5, added: 0, changed: 5 });
    expect(await rows('select * from meter_day_revision')).toHaveLength(5);
  });

  test('earlier days of the same home can follow later ones', async () => {
    await writeFile(options.file, content('2024-06-01', 10));
    await replayFile(options);
    await writeFile(options.file, content('2024-05-01', 31, 500_000));
    expect(await replayFile(options)).toMatchObject({ sent: 31, committed: 31 });
    expect(await rows('select from_on from occupancy')).toEqual([{ from_on: '2024-05-01' }]);
    expect(await rows('select count(*)::int as n from series.meter_day')).toEqual([{ n: 41 }]);
  });

  test('an LP home and a home of another utility stand beside it', async () => {
    await writeFile(options.file, content(FIRST, 2));
    await replayFile(options);
    await replayFile({ ...options, customerNumber: 'LP-1', gasKind: 'lp' });
    await replayFile({ ...options, utilityCode: 'other' });
    expect(await rows('select gas_kind from supply_point order by gas_kind')).toEqual([
      { gas_kind: 'city' },
      { gas_kind: 'city' },
      { gas_kind: 'lp' },
    ]);
    expect(await rows('select count(distinct utility_id)::int as n from series.meter_day')).toEqual(
      [{ n: 2 }],
    );
  });

  test('a lost folder of credentials is replaced only with --take-over', async () => {
    await writeFile(options.file, content(FIRST, 4));
    await replayFile(options);
    await rm(options.stateDirectory, { recursive: true });
    await expect(replayFile(options)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('--take-over'),
    });
    await writeFile(options.file, content(FIRST, 8));
    expect(await replayFile({ ...options, takeOver: true })).toMatchObject({
      committed: 8,
      added: 4,
      quarantined: [],
    });
  });

  test('the wrong gas kind for a known customer is refused', async () => {
    await writeFile(options.file, content(FIRST, 1));
    await replayFile(options);
    await expect(replayFile({ ...options, gasKind: 'lp' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('give --gas city'),
    });
  });

  test('a broken file leaves no trace', async () => {
    await writeFile(options.file, content(FIRST, 3).replace('1000015', '10x'));
    await expect(replayFile(options)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('line 2, column 3 (i02): "10x" is not a whole number'),
    });
    for (const table of ['utility', 'supply_point', 'terminal', 'series.meter_day']) {
      expect(await rows(`select * from ${table}`)).toEqual([]);
    }
  });
});

describe('a replay file and the clock', () => {
  test('hours to come are refused before anything is registered', async () => {
    await writeFile(options.file, content('2025-11-29', 3));
    await expect(replayFile(options)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('i13): 2025-12-01 13:00 is yet to come, it is 12:00'),
    });
    for (const table of ['utility', 'supply_point', 'series.meter_day', 'frame_quarantine']) {
      expect(await rows(`select * from ${table}`)).toEqual([]);
    }
  });
});

describe('the utility of a replay', () => {
  beforeEach(() => writeFile(options.file, content(FIRST, 1)));

  test('is never made from a code that was mistyped', async () => {
    await replayFile(options);
    const mistyped = { ...options, utilityCode: 'demoo', createUtility: false };
    await expect(replayFile(mistyped)).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('there is no utility "demoo" (there is: demo)'),
    });
    expect(await rows('select code from utility')).toEqual([{ code: 'demo' }]);
  });

  test('has a code of small letters, digits and hyphens', async () => {
    await expect(replayFile({ ...options, utilityCode: 'デモ' })).rejects.toMatchObject({
      code: 'invalid_input',
      message: '"デモ" is no utility code: 2 to 32 small letters, digits or hyphens',
    });
    expect(await rows('select * from utility')).toEqual([]);
  });

  test('is, without a code, the only one there is; of an empty database the demo’s', async () => {
    const plain = { ...options, utilityCode: undefined, createUtility: false };
    await replayFile(plain);
    expect(await rows('select code from utility')).toEqual([{ code: 'demo' }]);
    await bench.database.adminPool.query(`update utility set code = 'minato'`);
    await replayFile({ ...plain, customerNumber: '0043' });
    expect(await rows('select code from utility')).toEqual([{ code: 'minato' }]);
  });

  test.each([false, true])(
    'has to be named when there are several, with createUtility %s',
    async (create) => {
      await bench.database.adminPool.query(
        `insert into utility (code, name) values ('demo', 'デモ'), ('minato', '港')`,
      );
      const plain = { ...options, utilityCode: undefined, createUtility: create };
      await expect(replayFile(plain)).rejects.toMatchObject({
        code: 'invalid_input',
        message: 'say which utility: --utility CODE (there is: demo, minato)',
      });
    },
  );
});

describe('the replay command', () => {
  const run = (...args: string[]) => bench.start(...args).ended;

  test('prints days sent, committed and quarantined', async () => {
    await writeFile(options.file, content(FIRST, 40));
    const { code, stdout } = await run(options.file, '--customer', '0042');
    expect(stdout).toBe('sent 40\ncommitted 40\nquarantined 0\n');
    expect(code).toBe(0);
  });

  test('exits with 1 and lines and columns of the faults when the file is invalid', async () => {
    await writeFile(options.file, 'date,i01\n2024-01-01,5\n');
    const { code, stdout, stderr } = await run(options.file, '--customer', '0042');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('line 1, column 3 (i02)');
  });

  test('exits with 2 and the usage when arguments are missing', async () => {
    const { code, stderr } = await run(options.file);
    expect(code).toBe(2);
    expect(stderr).toContain('--customer: give the customer number');
    expect(stderr).toContain('usage: npm run -s replay');
  });
});
