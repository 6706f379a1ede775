// What each decision on an item would bill, against the closing itself once the decision was made.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAs, transactAs } from '../../db/client.ts';
import { createUtility, fitHousehold, type Household } from '../../db/testing/fixtures.ts';
import { type TestDatabase, testDatabase } from '../../db/testing/testing.ts';
import { getClosingPreview } from '../closing/closing-preview-queries.ts';
import { editReading } from '../editing/edit-commands.ts';
import { validateAll } from '../validation/testing-validate.ts';
import { validateWaiting } from '../validation/waiting-commands.ts';
import { getWorkChoices } from './choice-queries.ts';
import { spoil, storeHours } from './testing-work-list.ts';
import { listWork } from './work-list-queries.ts';

const NOW = new Date('2026-11-15T12:00:00+09:00');

let database: TestDatabase;
let utilityId: number;
let home: Household;

const system = () => ({ kind: 'system', utilityId, name: 'test' }) as const;

beforeAll(async () => {
  database = await testDatabase();
  const admin = database.adminPool;
  utilityId = await createUtility(admin);
  home = await fitHousehold(admin, utilityId, { closingDay: 31 });
  await admin.query('update meter set dial_l = 100000000, size = 6 where utility_id = $1', [
    utilityId,
  ]);
  // 9 m³ within the hour of the closing, more than can pass.
  await storeHours(admin, utilityId, home, spoil({ '2026-10-31 24': 1_038_280 }));
  await validateAll(database, utilityId, NOW);
});
afterAll(() => database.close());

const choices = () =>
  readAs(database.db, utilityId, (read) =>
    getWorkChoices(read, system(), { meterId: home.meterId, fromOn: '2026-10-31', now: NOW }),
  );

async function closing() {
  const input = { closingDay: 31, month: '2026-10', show: 'all', offset: 0, limit: 5 } as const;
  const { rows } = await readAs(database.db, utilityId, (read) =>
    getClosingPreview(read, system(), { ...input, now: NOW }),
  );
  return rows[0];
}

describe('the decisions on an item', () => {
  it('have the row of the closing as it is, and as each would make it', async () => {
    const row = await closing();
    expect(await choices()).toMatchObject({
      isTooLong: false,
      now: { closesOn: '2026-10-31', usageL: row?.usageL, quality: 'substituted' },
      choices: [
        {
          choice: 'struck',
          edits: [{ day: '2026-10-31', kind: 'struck', hourEnding: 24, indexL: 1_038_280 }],
          billed: { usageL: row?.usageL, quality: 'substituted' },
          needsSecond: false,
        },
        { choice: 'confirmed', edits: [{ kind: 'confirmed', hourEnding: 24, issued: [] }] },
      ],
    });
  });

  it('bill what they said once they are made, and take the item off the list', async () => {
    const [struck] = (await choices()).choices;
    const [edit] = struck?.edits ?? [];
    const input = {
      ...({ kind: 'struck', reason: 'terminal-error', note: '' } as const),
      ...{ meterId: home.meterId, day: edit?.day ?? '', hourEnding: 24, now: NOW },
      acknowledgedClosings: [],
    };
    await transactAs(database.db, utilityId, (tx) => editReading(tx, system(), input));
    const list = { order: 'litres', limit: 5, now: NOW } as const;
    const listed = () => readAs(database.db, utilityId, (read) => listWork(read, system(), list));
    // At once, before validation has followed.
    expect(await listed()).toMatchObject({ total: 0, litresInDoubt: 0, rows: [] });
    await validateWaiting((fn) => transactAs(database.db, utilityId, fn), { utilityId, now: NOW });
    expect(await listed()).toMatchObject({ total: 0 });
    const row = await closing();
    expect({ usageL: row?.usageL, quality: row?.quality }).toEqual({
      usageL: struck?.billed?.usageL,
      quality: struck?.billed?.quality,
    });
    await expect(choices()).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are for those who may edit readings', async () => {
    const actor = { kind: 'staff', utilityId, accountId: 1, role: 'analyst', sessionId: 'x' };
    const input = { meterId: home.meterId, fromOn: '2026-10-31', now: NOW };
    await expect(
      readAs(database.db, utilityId, (read) => getWorkChoices(read, actor as never, input)),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});
