/** Exchange over filed closings: it must name exactly these, and its act in the audit names them. */
import { describe, expect, test } from 'vitest';
import { exchangeMeter } from './exchange-commands.ts';
import {
  act,
  admin,
  allRows,
  arrangeExchanges,
  closingAct,
  closingFile,
  database,
  exchange,
  preview,
  undo,
  utilityId,
  work,
} from './testing-exchange.ts';

arrangeExchanges();

/** Closings: one before the exchange of 10 March, one after it, one in the future. */
const [FEBRUARY, MARCH, APRIL] = ['2024-02-20', '2024-03-20', '2024-04-20'];

async function acknowledgedInAudit(): Promise<unknown> {
  const { rows } = await database.adminPool.query<{ closings: unknown }>(
    `select detail -> 'acknowledgedClosings' as closings from audit
     where utility_id = $1 and act = 'meter.exchanged'`,
    [utilityId],
  );
  return rows.map(({ closings }) => closings);
}

const naming = (...acknowledgedClosings: string[]) => exchange({ acknowledgedClosings });
const refused = (days: string) => ({
  code: 'conflict',
  message: expect.stringContaining(`closing of ${days}:`),
  details: {
    fields: [
      { field: 'acknowledgedClosings', reason: 'closing-filed', message: expect.any(String) },
    ],
  },
});

describe('an exchange over closings of which files were made', () => {
  test('is refused when it names none or not all of them, and the message names them', async () => {
    await closingFile(FEBRUARY);
    await closingFile(MARCH);
    await closingFile(APRIL);
    const before = await allRows();
    await expect(act(exchange())).rejects.toMatchObject(refused(`${MARCH}, ${APRIL}`));
    await expect(act(naming(MARCH))).rejects.toMatchObject(refused(APRIL));
    expect(await allRows()).toEqual(before);
    const { filed } = await preview(exchange());
    await act(naming(...filed.map(({ closesOn }) => closesOn)));
    expect(await acknowledgedInAudit()).toEqual([[MARCH, APRIL]]);
  });

  test('is refused when it names one without a file, and the audit has no act', async () => {
    await closingFile(FEBRUARY);
    for (const day of [MARCH, FEBRUARY]) {
      await expect(act(naming(day))).rejects.toMatchObject({
        code: 'invalid_input',
        details: { faults: [{ field: 'acknowledgedClosings' }] },
      });
    }
    expect(await acknowledgedInAudit()).toEqual([]);
  });

  test('names those with an unfinished file too, but not those of another customer only', async () => {
    await closingAct('closing.export-begun', MARCH, { export: 'x' });
    await closingFile(APRIL, { customerNumber: '1' });
    await expect(act(exchange())).rejects.toMatchObject(refused(MARCH));
    await act(naming(MARCH));
  });

  test.each([
    'infinity',
    '5874897-12-31',
    '294276-12-31',
    '2199-12-20',
    '2024-03-21',
    '20240320',
    'today',
  ])('ignores an act of %s, for which no file can exist', async (day) => {
    await closingAct('closing.exported', day, { export: 'x' });
    expect(await preview(exchange())).toMatchObject({ filed: [] });
    const { exchangeId } = await act(exchange());
    await closingAct('closing.exported', day, { export: 'y' });
    await undo(exchangeId);
  });

  test('ignores an act of a household', async () => {
    await database.adminPool.query(
      `insert into audit (utility_id, actor, act, subject, detail)
       values ($1, 'consumer:1', 'closing.exported', 'closing-day:20', $2)`,
      [utilityId, { closings: [MARCH], customerNumber: null }],
    );
    await act(exchange());
  });

  test.each([
    [31, '2024-03-31'],
    [30, '2024-03-30'],
  ])('names the closing of the day %i, %s', async (closingDay, day) => {
    await database.adminPool.query(
      'update supply_point set closing_day = $2 where utility_id = $1',
      [utilityId, closingDay],
    );
    await closingAct('closing.exported', day, { export: 'x' }, closingDay);
    await closingAct('closing.exported', '2024-04-30', { export: 'y' }, closingDay);
    await act(naming(day, '2024-04-30'));
  });

  test('is refused when another file is begun during its registration', async () => {
    await closingFile(MARCH);
    const { filed } = await preview(exchange());
    expect(filed).toHaveLength(1);
    // Another file was made after the preview.
    await closingFile(APRIL);
    await expect(act(naming(MARCH))).rejects.toMatchObject(refused(APRIL));
  });

  test('blocks the begin of a file between its check of the files and its commit', async () => {
    const order: string[] = [];
    let file: Promise<void> | undefined;
    await work.transact(async (tx) => {
      await exchangeMeter(tx, admin, exchange());
      file = closingFile(MARCH).then(() => void order.push('file'));
      await untilOneWaits();
      order.push('exchange');
    });
    await file;
    expect(order).toEqual(['exchange', 'file']);
  });
});

test('an exchange after all closings of which files were made names none', async () => {
  await closingFile(FEBRUARY);
  await act(exchange());
  expect(await acknowledgedInAudit()).toEqual([[]]);
});

/** Resolves when a statement waits for a lock of another transaction. */
async function untilOneWaits(): Promise<void> {
  const text = `select count(*)::integer as waiting from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'`;
  for (;;) {
    const { rows } = await database.adminPool.query<{ waiting: number }>(text);
    if (rows[0]!.waiting > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
