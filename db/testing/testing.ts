/**
 * What a database test begins with:
 *
 * let database: TestDatabase; beforeAll(async () => { database = await testDatabase(); }); afterAll(() =>
 * database.close());
 *
 * const utilityId = await createUtility(database.adminPool); // in each test: its own utility const { meterId } = await
 * fitHousehold(database.adminPool, utilityId); // db/testing/fixtures.ts await transactAs(database.db, utilityId, (tx)
 * => …); // as kenshin_app
 *
 * The server's URL comes from db/testing/setup.ts (vitest's global set-up of the project "database").
 */
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { serverPrograms } from '../private-server/private-server.ts';
import { shiftedClock } from '../private-server/shifted-clock.ts';
import { cloneDatabase, type TestDatabase } from './database.ts';

export type { TestDatabase } from './database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Server on which tests may create databases and roles. */
    serverUrl: string;
  }
}

/** A freshly migrated database for this test file. */
export function testDatabase(): Promise<TestDatabase> {
  return cloneDatabase(testServerUrl());
}

/** Server of this run's test databases. */
export function testServerUrl(): string {
  return inject('serverUrl');
}

/** Folder of pg_dump and the other programs of this checkout's test server. */
export function testPrograms(): Promise<string> {
  const stateDir = fileURLToPath(new URL('../../.local', import.meta.url));
  return serverPrograms(stateDir, { environment: process.env });
}

/** Variables that give a child process the clock of this one, which a run at another date has shifted. */
export function testClock(): Record<string, string> {
  return shiftedClock(process.env, Date.now());
}
