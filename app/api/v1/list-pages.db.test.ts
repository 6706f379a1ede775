import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAs, transactAs } from '../../../db/client.ts';
import { createUtility, fitHousehold, steady, storeDay } from '../../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../../db/testing/testing.ts';
import { apiDocument, createApi } from './app.ts';
import { askIssueOf, issueRunOf, markDay } from './testing-run.ts';

// Routes with an offset are found in the document. A new one without rows here fails the suite: add a row.
interface Parameter {
  name: string;
  in: 'path' | 'query';
  required?: boolean;
}
interface Document {
  paths: Record<string, { get?: { parameters?: Parameter[] } }>;
}

const DAY = '2025-11-01';
const NOW = new Date('2025-11-25T10:00:00+09:00');
const PARAMS: Record<string, string> = {
  day: DAY,
  from: DAY,
  to: DAY,
  closingDay: '20',
  month: '2025-11',
};

let database: TestDatabase;
let utilityId: number;

beforeAll(async () => {
  database = await testDatabase();
  const admin = database.adminPool;
  utilityId = await createUtility(admin);
  const home = await fitHousehold(admin, utilityId, { closingDay: 20 });
  // 3,000 Pa is above the area's limit: an hour outside.
  await storeDay(admin, utilityId, { ...home, day: DAY, pressurePa: steady(3000) });
  await admin.query(
    `select quarantine_frame($1, 't', 'unknown_meter', null, '', $3, true, '79999999999', $2)`,
    [home.terminalNumber, DAY, NOW],
  );
  const { rows } = await admin.query<{ area_id: number }>(
    'select area_id from area where utility_id = $1',
    [utilityId],
  );
  // An edit that waits for a second person.
  await admin.query(
    `insert into reading_edit (utility_id, meter_id, day, kind, hours, index_l, received_l, reason, note, moved_l, state, made_by, made_name)
     values ($1, $2, $3, 'struck', '{5}', '{0}', '{0}', 'terminal-error', '', 0, 'proposed', 'staff:1', 'x')`,
    [utilityId, home.meterId, DAY],
  );
  await markDay(admin, utilityId, { ...home, day: DAY });
  // A closing of which nothing was issued, with a row to check: it was never read.
  await fitHousehold(admin, utilityId, { closingDay: 10 });
  // A run that was re-issued with a changed row, and would be different again today.
  const closing = { closesOn: '2025-11-20', previousOn: '2025-10-20' };
  await issueRunOf(database, utilityId, closing);
  await storeDay(admin, utilityId, { ...home, day: '2025-11-18' });
  await askIssueOf(database, utilityId, 20);
  PARAMS.runId = String(await issueRunOf(database, utilityId, closing));
  await storeDay(admin, utilityId, { ...home, day: '2025-11-19' });
  PARAMS.meterId = String(home.meterId);
  PARAMS.areaId = String(rows[0]!.area_id);
});
afterAll(() => database.close());

function api() {
  return createApi({
    contextOf: async () => ({
      actor: { kind: 'staff', utilityId, accountId: 1, role: 'admin', sessionId: 'x' },
      displayName: 'x',
      now: NOW,
      read: (fn) => readAs(database.db, utilityId, fn),
      transact: (fn) => transactAs(database.db, utilityId, fn),
    }),
    origin: () => 'https://kenshin.example',
    log: { error: () => undefined, info: () => undefined },
  });
}

const lists = Object.entries((apiDocument(api()) as Document).paths).flatMap(([path, { get }]) => {
  const parameters = get?.parameters ?? [];
  return parameters.some(({ name }) => name === 'offset') ? [{ path, parameters }] : [];
});

/** Total of a list as one page states it, and the number of rows of that page. */
async function pageAt(list: (typeof lists)[number], offset: number) {
  const query = new URLSearchParams({ offset: String(offset) });
  let path = list.path;
  for (const parameter of list.parameters) {
    const { name } = parameter;
    if (PARAMS[name] === undefined) continue;
    // Not that which was issued: the first that was not.
    if (list.path.endsWith('/closing-rows') && name === 'closingDay') continue;
    if (parameter.in === 'path') path = path.replace(`{${name}}`, PARAMS[name]);
    else if (name !== 'areaId' && name !== 'meterId') query.set(name, PARAMS[name]);
  }
  const response = await api().request(`${path}?${query}`);
  const body = (await response.json()) as { total: number; rows: unknown[] };
  expect(response.status, JSON.stringify(body)).toBe(200);
  return { total: body.total, rows: body.rows.length };
}

describe('a page beyond the end of a list', () => {
  it('is tested for all lists', () => {
    expect(lists.map(({ path }) => path).toSorted()).toEqual([
      '/api/v1/closings',
      '/api/v1/closings/issues',
      '/api/v1/closings/runs',
      '/api/v1/closings/runs/{runId}/changes',
      '/api/v1/closings/runs/{runId}/differences',
      '/api/v1/closings/runs/{runId}/rows',
      '/api/v1/collection/points',
      '/api/v1/edits',
      '/api/v1/meters',
      '/api/v1/meters/{meterId}/refusals',
      '/api/v1/pressure/areas/{areaId}/excursions',
      '/api/v1/pressure/areas/{areaId}/meters',
      '/api/v1/work-list/closing-rows',
      '/api/v1/work-list/marks',
    ]);
  });

  it.each(lists)('of $path is empty and has the length of the list', async (list) => {
    const first = await pageAt(list, 0);
    expect(first.total).toBeGreaterThan(0);
    expect(first.rows).toBeGreaterThan(0);
    expect(await pageAt(list, 1000)).toEqual({ total: first.total, rows: 0 });
  });
});
