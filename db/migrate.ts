/**
 * Brings a database to the newest schema: applies db/migrations/*.sql in the order of their names, each in its own
 * transaction, and stores the checksum of each. A migration is never edited after it was applied anywhere.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { applyGrants, closeDatabase } from './apply-grants.ts';
import { installJobQueue } from './job-queue.ts';
import { type SqlStatement, splitStatements } from './sql-statements.ts';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

export interface Migration {
  /** File name, `0001_what.sql`. */
  name: string;
  text: string;
  /** SHA-256 of the text, hex. */
  sha256: string;
}

/** The migrations of a folder in the order in which they are applied. */
export async function listMigrations(directory: string = MIGRATIONS): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      if (!/^\d{4}_[a-z0-9_]+\.sql$/.test(name)) {
        throw new Error(`${name}: a migration's name is four digits, "_" and words: 0001_what.sql`);
      }
      const text = await readFile(path.join(directory, name), 'utf8');
      return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/**
 * Applies missing migrations in a role that owns the schema, then the job queue's own (db/job-queue.ts) and the list of
 * rights (db/grants.ts); concurrent callers wait for each other.
 * @returns the names of the migrations applied by this call.
 * @throws Error naming file, line and cause; the failed migration leaves nothing behind.
 */
export async function migrate(
  adminUrl: string,
  onProgress: (name: string) => void = () => undefined,
  directory: string = MIGRATIONS,
): Promise<string[]> {
  const migrations = await listMigrations(directory);
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'kenshin migrate' });
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtextextended('kenshin migrate', 0))`);
    const missing = findMissing(migrations, await readApplied(client));
    for (const migration of missing) {
      onProgress(migration.name);
      await apply(client, migration);
    }
    if (directory === MIGRATIONS) {
      await installJobQueue(adminUrl, client);
      await applyGrants(client);
      await closeDatabase(client);
    }
    return missing.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

interface Applied {
  name: string;
  sha256: string;
}

async function readApplied(client: pg.Client): Promise<Applied[]> {
  await client.query(`set client_min_messages = warning`);
  await client.query(
    `create table if not exists public.schema_migration (
       name text primary key,
       sha256 text not null,
       applied_at timestamptz not null default now()
     )`,
  );
  await client.query(
    `comment on table public.schema_migration is 'The migrations that made this schema, with the SHA-256 of their text.'`,
  );
  const { rows } = await client.query<Applied>(
    'select name, sha256 from public.schema_migration order by name',
  );
  return rows;
}

function findMissing(migrations: Migration[], applied: Applied[]): Migration[] {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { name, sha256 } of applied) {
    const migration = byName.get(name);
    if (!migration) {
      throw new Error(
        `${name} was applied to this database but its file is gone: it belongs to a newer or another version of Kenshin; use that version`,
      );
    }
    if (migration.sha256 !== sha256) {
      throw new Error(
        `${name} was changed after it was applied to this database: restore its text and put the change into a new migration`,
      );
    }
  }
  const last = applied.at(-1)?.name ?? '';
  const missing = migrations.filter(({ name }) => !applied.some((done) => done.name === name));
  const late = missing.find(({ name }) => name < last);
  if (late) {
    throw new Error(`${late.name} sorts before ${last}, which is applied already: number it anew`);
  }
  return missing;
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    for (const statement of splitStatements(migration.text)) {
      await run(client, migration.name, statement);
    }
    await client.query('insert into public.schema_migration (name, sha256) values ($1, $2)', [
      migration.name,
      migration.sha256,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

async function run(client: pg.Client, name: string, statement: SqlStatement): Promise<void> {
  try {
    await client.query(statement.text);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const before = statement.text.slice(0, Math.max(0, Number(error.position ?? 1) - 1));
    const line = statement.line + before.split('\n').length - 1;
    const hint = [error.detail, error.hint, error.where].filter(Boolean).join('; ');
    throw new Error(
      `${name}, line ${line}: ${error.message}${hint ? ` (${hint})` : ''}, in the statement "${firstLine(statement.text)}"`,
      { cause: error },
    );
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.trim() ?? '';
}
