/** Global set-up of the database tests: says on which server they run and builds the template once, before the workers start. */
import type { TestProject } from 'vitest/node';
import { ensureTemplate } from './testing-database.ts';

export async function setup(project: TestProject): Promise<void> {
  const given = process.env.DATABASE_URL;
  if (!given) throw new Error('set DATABASE_URL to a PostgreSQL 17 server with TimescaleDB');
  await ensureTemplate(given);
  project.provide('serverUrl', given);
}
