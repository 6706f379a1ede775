import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listMigrations, migrate } from './migrate.ts';
import { emptyDatabase } from './testing/database.ts';
import { testServerUrl } from './testing/testing.ts';

describe('migrate', () => {
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let directory: string;

  beforeEach(async () => {
    database = await emptyDatabase(testServerUrl());
    directory = await mkdtemp(path.join(tmpdir(), 'kenshin-migrations-'));
    await write('0001_first.sql', 'create table first (a integer);\n');
    await write('0002_second.sql', 'create table second (b integer);\n');
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
    await database.close();
  });

  const write = (name: string, text: string) => writeFile(path.join(directory, name), text);
  const run = () => migrate(database.adminUrl, undefined, directory);
  const query = async (text: string) => {
    const client = new pg.Client({ connectionString: database.adminUrl });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  };

  it('applies missing migrations in order, and reports each', async () => {
    const applied: string[] = [];
    await migrate(database.adminUrl, (name) => applied.push(name), directory);
    expect(applied).toEqual(['0001_first.sql', '0002_second.sql']);
    await write('0003_third.sql', 'create table third (c integer);');
    expect(await run()).toEqual(['0003_third.sql']);
    expect(await run()).toEqual([]);
  });

  it('applies each migration once when several start together', async () => {
    const applied = await Promise.all([run(), run(), run()]);
    expect(applied.flat().sort()).toEqual(['0001_first.sql', '0002_second.sql']);
  });

  it('refuses a database whose migration was edited afterwards', async () => {
    await run();
    await write('0001_first.sql', 'create table first (a bigint);\n');
    await expect(run()).rejects.toThrow(/0001_first\.sql was changed after it was applied/);
  });

  it('refuses a database with a migration that has no file', async () => {
    await run();
    await rm(path.join(directory, '0002_second.sql'));
    await expect(run()).rejects.toThrow(/0002_second\.sql was applied .* but its file is gone/);
  });

  it('refuses a new migration that sorts before an applied one', async () => {
    await rm(path.join(directory, '0001_first.sql'));
    await run();
    await write('0001_late.sql', 'select 1;');
    await expect(run()).rejects.toThrow(/0001_late\.sql sorts before 0002_second\.sql/);
  });

  it('names file and line of a failing statement and leaves nothing of that migration', async () => {
    await write('0003_third.sql', 'create table third (c integer);\n\nselect 1,\n  nothing;\n');
    await expect(run()).rejects.toThrow(
      /^0003_third\.sql, line 4: column "nothing" does not exist/,
    );
    expect(
      await query(`select to_regclass('third') as third, to_regclass('second') as second`),
    ).toEqual([{ third: null, second: 'second' }]);
    await write('0003_third.sql', 'create table third (c integer);\n');
    expect(await run()).toEqual(['0003_third.sql']);
  });

  it('refuses a file whose name has no number', async () => {
    await write('extra.sql', 'select 1;');
    await expect(run()).rejects.toThrow(/extra\.sql: a migration's name is four digits/);
  });

  it("applies the product's own migrations to an empty database", async () => {
    const names = (await listMigrations()).map(({ name }) => name);
    expect(await migrate(database.adminUrl)).toEqual(names);
  });
});
