// Mails of ready closings: found from the reports that are awaited, entered once for each who asked.
import { describe, expect, it } from 'vitest';
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
  useUtility,
  utilityId,
} from './testing-ready-mails.ts';

arrangeReadyMails();

describe('a closing that was asked for', () => {
  it('is announced once when the last awaited report has arrived, with its counts', async () => {
    const homes = [await home(), await home(), await home(5)];
    const asking = await person();
    await asking.ask({ month: '2025-04', now: '2025-04-10T09:00:00+09:00' });
    await look('2025-04-20T23:59:00+09:00');
    await look(CLOSED);
    await report(homes[0]!);
    await look('2025-04-21T01:10:00+09:00');
    expect(await mails()).toEqual([]);
    await report(homes[1]!);
    await look('2025-04-21T01:11:00+09:00', 'https://kenshin.example');
    await look('2025-04-21T01:12:00+09:00');
    expect(await mails()).toMatchObject([
      {
        account: asking.accountId,
        key: '2025-04-20:20',
        input: {
          ...{ closingDay: 20, year: 2025, month: 4, day: 20, total: 2, actual: 2, none: 0 },
          ...{ overdue: 0, toCheck: 2, asOf: '2025-04-21 01:11', eachMonth: 'no', hasPage: 'yes' },
          page: 'https://kenshin.example/closing?day=20&month=2025-04',
        },
      },
    ]);
    expect(await asking.known()).toMatchObject({
      ...{ address: 'kenshin@minato.example', requests: [] },
      sent: [{ closingDay: 20, closesOn: '2025-04-20', state: 'waiting', sentAt: null }],
    });
  });

  it('is announced after the last due instant with what has not arrived', async () => {
    const [read, missing] = [await home(), await home()];
    await report(read);
    await report(missing, '2025-04-19');
    const asking = await person('admin');
    await asking.ask({ month: '2025-04', now: CLOSED });
    await look(BEFORE_DUE);
    expect(await mails()).toEqual([]);
    await look(DUE);
    expect(await mails()).toMatchObject([
      { input: { total: 2, actual: 1, substituted: 1, overdue: 1, hasPage: 'no', page: '' } },
    ]);
  });

  it('waits for the last window, also where a terminal reports later than the others', async () => {
    const early = await home();
    const late = await home();
    await change(
      'update terminal set report_minute = 1439, report_window_minutes = 1440 where terminal_id = $1',
      [late.terminalId],
    );
    await report(early);
    await (await person()).ask({ month: '2025-04', now: CLOSED });
    await look('2025-04-22T23:58:00+09:00');
    expect(await mails()).toEqual([]);
    await look('2025-04-22T23:59:00+09:00');
    expect(await mails()).toMatchObject([{ input: { total: 2, overdue: 1, none: 1 } }]);
  });

  it('waits for no report of a terminal that is not there at the end of the day', async () => {
    const place = await home();
    await (await person()).ask({ month: '2025-04', now: '2025-04-10T09:00:00+09:00' });
    await look(CLOSED);
    expect(await mails()).toEqual([]);
    await change(
      `update terminal_fitting set to_at = '2025-04-20T10:00+09' where terminal_id = $1`,
      [place.terminalId],
    );
    await look('2025-04-21T00:01:00+09:00');
    expect(await mails()).toMatchObject([{ input: { none: 1, overdue: 0 } }]);
  });

  it('is looked at again when the report it waited for has come and another is awaited', async () => {
    const homes = [await home(), await home(), await home()];
    await (await person()).ask({ month: '2025-04', now: CLOSED });
    for (const place of homes) {
      await look('2025-04-21T00:30:00+09:00');
      expect(await mails()).toEqual([]);
      await report(place);
    }
    await look('2025-04-21T00:31:00+09:00');
    expect(await keys()).toEqual(['2025-04-20:20']);
  });

  it('has the final rows in it, whose reports may be awaited longer than the day', async () => {
    const place = await home();
    await change(`update occupancy set to_on = '2025-04-20' where occupancy_id = $1`, [
      place.occupancyId,
    ]);
    await change(
      'update terminal set report_minute = 1439, report_window_minutes = 1440 where terminal_id = $1',
      [place.terminalId],
    );
    await (await person()).ask({ month: '2025-04', now: '2025-04-10T09:00:00+09:00' });
    await look('2025-04-21T23:58:00+09:00');
    expect(await mails()).toEqual([]);
    await look('2025-04-21T23:59:00+09:00');
    expect(await mails()).toMatchObject([{ input: { total: 1, overdue: 1 } }]);
  });

  it.each([
    { closingDay: 31, month: '2025-04', closesOn: '2025-04-30', next: '2025-05-31' },
    { closingDay: 30, month: '2025-02', closesOn: '2025-02-28', next: '2025-03-30' },
    { closingDay: 29, month: '2024-02', closesOn: '2024-02-29', next: '2024-03-29' },
    { closingDay: 31, month: '2024-12', closesOn: '2024-12-31', next: '2025-01-31' },
  ])('of the closing day $closingDay is that of $closesOn, then of $next', async (of) => {
    const { closingDay, month, closesOn, next } = of;
    await home(closingDay);
    const asking = await person();
    const dayBefore = `${closesOn}T23:59:00+09:00`;
    await asking.ask({ closingDay, month, now: `${month}-01T09:00:00+09:00` });
    const monthly = await person();
    await monthly.ask({ closingDay, month: null, now: `${month}-01T09:00:00+09:00` });
    const first = (await monthly.known()).requests[0]!;
    expect(first.closesOn <= closesOn).toBe(true);
    await look(dayBefore);
    await look(new Date(new Date(dayBefore).getTime() + 6 * 3_600_000).toISOString());
    expect((await mails()).filter(({ key }) => key === `${closesOn}:${closingDay}`)).toHaveLength(
      2,
    );
    expect((await monthly.known()).requests).toMatchObject([{ closesOn: next, eachMonth: true }]);
  });
});

describe('those who asked', () => {
  it('get one mail each: of both ways of asking, and each month again', async () => {
    const place = await home();
    const asking = await person();
    await asking.ask({ month: '2025-04', now: '2025-04-10T09:00:00+09:00' });
    await asking.ask({ month: '2025-05', now: '2025-04-10T09:00:00+09:00' });
    // The closing of March is ready; the first of each month is April's, and the single ones go.
    await asking.ask({ month: null, now: '2025-04-10T09:00:00+09:00' });
    expect((await asking.known()).requests).toMatchObject([
      { closesOn: '2025-04-20', eachMonth: true },
    ]);
    await report(place);
    await look(CLOSED);
    await report(place, '2025-05-20');
    await look('2025-05-21T00:05:00+09:00');
    expect(await keys()).toEqual(['2025-04-20:20', '2025-05-20:20']);
  });

  it('get those of the months in which no worker ran, in their order', async () => {
    await home();
    await (await person()).ask({ month: null, now: '2025-04-10T09:00:00+09:00' });
    for (let run = 0; run < 4; run += 1) await look('2025-06-25T09:00:00+09:00');
    expect(await keys()).toEqual(['2025-04-20:20', '2025-05-20:20', '2025-06-20:20']);
  });

  it.each([
    ['is disabled', 'update account set disabled_at = now() where account_id = $1'],
    ['is no longer of billing', `update account set role = 'analyst' where account_id = $1`],
  ])('get none when the account %s', async (_what, text) => {
    await home();
    const [gone, there] = [await person(), await person()];
    for (const asking of [gone, there]) await asking.ask({ month: null, now: CLOSED });
    await change(text, [gone.accountId]);
    await look(DUE);
    expect((await mails()).map(({ account }) => account)).toEqual([there.accountId]);
  });

  it('get none of a closing for which nobody is left, which is not read either', async () => {
    await home();
    const gone = await person();
    await gone.ask({ month: '2025-04', now: CLOSED });
    await change('update account set disabled_at = now() where account_id = $1', [gone.accountId]);
    await look(DUE);
    const { rows } = await change('select 1 from ready_mail where utility_id = $1', [utilityId]);
    expect([await mails(), rows]).toEqual([[], []]);
  });

  it('get none after they took it back, and only they can', async () => {
    await home();
    const [asking, beside] = [await person(), await person('admin')];
    await asking.ask({ month: '2025-04', now: CLOSED });
    const { requestId } = (await asking.known()).requests[0]!;
    await expect(beside.withdraw(requestId)).rejects.toMatchObject({ code: 'not_found' });
    await asking.withdraw(requestId);
    await expect(asking.withdraw(requestId)).rejects.toMatchObject({ code: 'not_found' });
    await look(DUE);
    expect(await mails()).toEqual([]);
    const { rows } = await database.adminPool.query<{ act: string }>(
      `select act from audit where utility_id = $1 and act like 'ready-mail.%' order by audit_id`,
      [utilityId],
    );
    expect(rows.map(({ act }) => act)).toEqual(['ready-mail.asked', 'ready-mail.withdrawn']);
  });

  it('are of their own utility: another one has its own closing', async () => {
    await home();
    await (await person()).ask({ month: null, now: CLOSED });
    const own = utilityId;
    await useUtility();
    await home();
    await look(DUE);
    expect(await mails()).toEqual([]);
    await useUtility(own);
    await look(DUE);
    expect(await keys()).toEqual(['2025-04-20:20']);
  });

  it('see no requests of others, and no address but their own', async () => {
    const [one, two] = [await person('billing', 'one@minato.example'), await person()];
    await home();
    await one.ask({ month: null, now: CLOSED });
    expect(await two.known()).toEqual({
      ...{ address: 'kenshin@minato.example', requests: [], sent: [] },
    });
  });
});
