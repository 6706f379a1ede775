// Asking for the mail of a ready closing, and what the worker looks up and enters of it.
import { describe, expect, it } from 'vitest';
import { createDatabase, transactAs } from '../../db/client.ts';
import { fitTerminal } from '../../db/testing/fixtures.ts';
import { latestClosing } from '../../lib/closing/closing-day.ts';
import { announceClosing } from '../../lib/readiness/readiness-commands.ts';
import { findAwaitedReport, getClosingState } from '../../lib/readiness/readiness-queries.ts';
import {
  arrangeReadyMails,
  BEFORE_DUE,
  CLOSED,
  change,
  DUE,
  database,
  home,
  keys,
  look,
  mails,
  person,
  report,
  utilityId,
} from './testing-ready-mails.ts';

arrangeReadyMails();

describe('asking', () => {
  it.each([
    ['of a ready closing', { month: '2025-03' }, 'conflict'],
    ['of a month far ahead', { month: '2026-05' }, 'invalid_input'],
  ])('is refused %s', async (_what, { month }, code) => {
    await home();
    const asking = await person();
    await expect(asking.ask({ month, now: CLOSED })).rejects.toMatchObject({ code });
  });

  it('is refused twice, and beside one for each month', async () => {
    await home();
    const asking = await person();
    await asking.ask({ month: '2025-04', now: CLOSED });
    await expect(asking.ask({ month: '2025-04', now: CLOSED })).rejects.toMatchObject({
      code: 'conflict',
    });
    await asking.ask({ month: null, now: CLOSED });
    for (const month of ['2025-04', '2025-06', null]) {
      await expect(asking.ask({ month, now: CLOSED })).rejects.toMatchObject({
        ...{ code: 'conflict', details: { constraint: 'ready_mail_asked' } },
      });
    }
  });

  it('is refused without an address, and to analysts', async () => {
    await home();
    const without = await person('billing', null);
    await expect(without.ask({ month: null, now: CLOSED })).rejects.toMatchObject({
      ...{ code: 'conflict', details: { constraint: 'ready_mail_address' } },
    });
    const analyst = await person('analyst');
    await expect(analyst.ask({ month: null, now: CLOSED })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('for each month of a closing that is not ready begins with that one', async () => {
    await home();
    const asking = await person();
    await asking.ask({ month: null, now: BEFORE_DUE });
    expect((await asking.known()).requests).toMatchObject([{ closesOn: '2025-04-20' }]);
    const after = await person();
    await after.ask({ month: null, now: DUE });
    expect((await after.known()).requests).toMatchObject([{ closesOn: '2025-05-20' }]);
  });
});

describe('what is looked up', () => {
  const actor = () => ({ kind: 'system', utilityId, name: 'readiness' }) as const;
  const inWorker = <T>(fn: Parameters<typeof transactAs<T>>[2]) =>
    transactAs(createDatabase(database.workerPool), utilityId, fn);

  it('agrees with the closing itself: a report is awaited exactly while a row is', async () => {
    const homes = [await home(), await home(), await home()];
    await fitTerminal(database.adminPool, utilityId, {
      ...{ supplyPointId: homes[0]!.supplyPointId, reportMinute: 300 },
      ...{ fromAt: '2019-01-01T00:00+09', toAt: '2019-02-01T00:00+09' },
    });
    await change('update terminal set report_minute = 400 where terminal_id = $1', [
      homes[1]!.terminalId,
    ]);
    await report(homes[2]!);
    for (const at of ['00:00', '04:59', '05:00', '10:39', '10:40']) {
      const now = new Date(`2025-04-21T${at}:00+09:00`);
      const asked = { closingDay: 20, closing: latestClosing(20, now), now };
      const found = await inWorker((tx) => findAwaitedReport(tx, actor(), asked));
      const { counts } = await inWorker((tx) => getClosingState(tx, actor(), asked));
      expect([at, found !== undefined]).toEqual([at, counts.quality.awaited > 0]);
      expect(found?.dueAt.toISOString()).toBe(
        counts.awaitedUntil === null ? undefined : new Date(counts.awaitedUntil).toISOString(),
      );
    }
  });

  it('and entered in one transaction: what is broken off has neither mail nor settled request', async () => {
    await home();
    const asking = await person();
    await asking.ask({ month: null, now: BEFORE_DUE });
    const now = new Date(DUE);
    const closing = latestClosing(20, now);
    const broken = inWorker(async (tx) => {
      const state = await getClosingState(tx, actor(), { closingDay: 20, closing, now });
      const ready = { closingDay: 20, closesOn: closing.closesOn, state, asOf: now };
      await announceClosing(tx, actor(), { ...ready, siteUrl: undefined });
      throw new Error('killed');
    });
    await expect(broken).rejects.toThrow('killed');
    expect([await mails(), (await asking.known()).requests]).toMatchObject([
      [],
      [{ closesOn: '2025-04-20' }],
    ]);
    await Promise.all([look(DUE), look(DUE)]);
    expect(await keys()).toEqual(['2025-04-20:20']);
  });
});
