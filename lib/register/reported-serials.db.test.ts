/** Serials that a terminal reports and that are not fitted: offered where an exchange is registered late. */
import { expect, test } from 'vitest';
import { createUtility, fitHousehold } from '../../db/testing/fixtures.ts';
import { quarantineFrame } from '../readings/quarantine-commands.ts';
import { addDays } from '../time.ts';
import { listReportedSerials } from './reported-serials-queries.ts';
import {
  act,
  admin,
  arrangeExchanges,
  database,
  exchange,
  home,
  NOW,
  work,
} from './testing-exchange.ts';

arrangeExchanges();

const list = () =>
  work.read((db) => listReportedSerials(db, admin, { meterId: home.meterId, now: NOW }));

async function refuse(day: string, more: Partial<Parameters<typeof quarantineFrame>[1]> = {}) {
  await quarantineFrame(database.adminPool, {
    ...{ terminalNumber: home.terminalNumber, topic: 't', reason: 'unknown_meter', offset: null },
    ...{ bytes: Buffer.from(day), receivedAt: new Date(`${addDays(day, 1)}T02:00:00+09:00`) },
    ...{ isAuthentic: true, isFresh: true, meterSerial: '777', day },
    ...more,
  });
}

const NINE = Array.from({ length: 9 }, (_, at) => addDays('2024-03-24', at));

test('nine days of an unknown serial are offered, each day once', async () => {
  for (const day of [...NINE, NINE[3]!]) await refuse(day);
  expect(await list()).toEqual([
    {
      ...{ meterSerial: '777', isRegistered: false, days: NINE },
      askedAgainFrom: expect.any(String),
    },
  ]);
});

test('frames that are not authentic, of another reason, terminal or too old are not', async () => {
  await refuse('2024-03-30', { isAuthentic: false });
  await refuse('2024-03-30', { reason: 'future_day' });
  await refuse('2024-02-20');
  const other = await createUtility(database.adminPool);
  const { terminalNumber } = await fitHousehold(database.adminPool, other);
  await refuse('2024-03-30', { terminalNumber });
  expect(await list()).toEqual([]);
});

test('a serial is offered no longer once it is fitted from its first day on', async () => {
  for (const day of NINE) await refuse(day);
  const { fittedMeterId } = await act(
    exchange({ exchangedAt: new Date('2024-03-24T10:00:00+09:00'), finalIndexL: undefined }),
  );
  const after = await work.read((db) =>
    listReportedSerials(db, admin, { meterId: fittedMeterId, now: NOW }),
  );
  expect(after).toEqual([]);
});
