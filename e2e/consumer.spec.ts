import { expect, type Page } from '@playwright/test';
import type { GetAnswer } from '../app/api-client.ts';
import { addMonths, dayOf, monthOf } from '../lib/time.ts';
import { ask } from './answers.ts';
import { test } from './journey.ts';
import { choose, expectSoundPage, takeFromMenu, untilAlive } from './page-checks.ts';
import { product } from './product.ts';

const DAY_CHOICE = '1時間ごとに見る日';

function monthName(month: string): string {
  return `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月`;
}

/** The latest month that is over: the last, or until its last report is due the one before it. */
async function wholeMonth(page: Page) {
  const last = addMonths(monthOf(dayOf(new Date())), -1);
  const own = await ask(page, '/my/usage', { query: { month: last } });
  if (own.progress === 'over') return own;
  return ask(page, '/my/usage', { query: { month: addMonths(last, -1) } });
}

test.describe('a household', () => {
  test('signs in with customer number and code as they are printed or typed', {
    tag: '@phone',
  }, async ({ page }) => {
    const [first] = product().registered;
    const { customerNumber, registrationCode } = first!;
    await page.goto('/my');
    await expect(page).toHaveURL(/\/my\/sign-in/);
    await untilAlive(page);
    await page.getByLabel('お客様番号').fill(customerNumber);
    await page.getByLabel('登録コード').fill(registrationCode.replaceAll('-', ' ').toLowerCase());
    await page.getByRole('button', { name: '使用量を見る' }).click();
    await expect(page).toHaveURL(/\/my$/);
    await expect(page.getByRole('main')).toContainText(`お客様番号 ${customerNumber}`);
    await takeFromMenu(page, 'サインアウト');
    await expect(page).toHaveURL(/\/my\/sign-in/);
  });

  test('sees the month in one figure and one sentence', { tag: '@phone' }, async ({
    page,
    enterAs,
  }) => {
    await enterAs('household');
    const own = await wholeMonth(page);
    const { month, totalL } = own.usage;
    await page.goto(`/my?month=${month}`);
    await expect(page.getByRole('heading', { level: 1, name: monthName(month) })).toBeVisible();
    await expect(page.getByRole('heading', { name: `${monthName(month)}の使用量` })).toBeVisible();
    await expect(page.getByText((Math.round(totalL! / 100) / 10).toFixed(1)).first()).toBeVisible();
    await expect(page.getByText(comparison(own, 'lastMonth'))).toBeVisible();
    await expectSoundPage(page);
  });

  test('compares with the month before or with the same month last year', {
    tag: '@phone',
  }, async ({ page, enterAs }) => {
    await enterAs('household');
    const own = await wholeMonth(page);
    await page.goto(`/my?month=${own.usage.month}`);
    await expect(page.getByText(comparison(own, 'lastMonth'))).toBeVisible();
    await choose(page, '比べる月', '前の年と比べる');
    await expect(page).toHaveURL(/compare=year/);
    await expect(page.getByText(comparison(own, 'lastYear'))).toBeVisible();
    await page.reload();
    await expect(page.getByRole('radio', { name: '前の年と比べる' })).toBeChecked();
  });

  test('opens a day by the hour and moves to the next', { tag: '@phone' }, async ({
    page,
    enterAs,
  }) => {
    await enterAs('household');
    const { usage } = await wholeMonth(page);
    const day = usage.days[10]!;
    await page.goto(`/my?month=${usage.month}`);
    await page.getByLabel(DAY_CHOICE).selectOption(day.day);
    const panel = page.getByRole('region', { name: new RegExp(`月${Number(day.day.slice(8))}日`) });
    // Rounded from litres, as the page does: 1.525 as a binary fraction is less than that.
    await expect(
      panel.getByText((Math.round(day.usageL! / 10) / 100).toFixed(2)).first(),
    ).toBeVisible();
    await panel.getByRole('button', { name: '表で見る' }).click();
    await expect(panel.getByRole('row')).toHaveCount(25);
    await expectSoundPage(page);
    await panel.getByRole('button', { name: '次の日' }).click();
    await expect(page).toHaveURL(new RegExp(`day=${usage.days[11]!.day}`));
    await page.getByRole('button', { name: '閉じる' }).click();
    await expect(page).not.toHaveURL(/day=/);
  });

  test('moves from month to month within the occupancy', { tag: '@phone' }, async ({
    page,
    enterAs,
  }) => {
    await enterAs('household');
    const { firstMonth, finalMonth } = await ask(page, '/my/usage', {});
    await page.goto(`/my?month=${finalMonth}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(monthName(finalMonth));
    await expect(page.getByRole('button', { name: '次の月' })).toBeDisabled();
    await page.getByRole('button', { name: '前の月' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      monthName(addMonths(finalMonth, -1)),
    );
    await page.goto(`/my?month=${firstMonth}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(monthName(firstMonth));
    await expect(page.getByRole('button', { name: '前の月' })).toBeDisabled();
    await expectSoundPage(page);
  });

  test('reads in plain words which hours of which day are missing', { tag: '@phone' }, async ({
    page,
    enterAs,
  }) => {
    await enterAs('missingHours');
    const day = await findDayWithGap(page);
    const dayName = `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;
    await page.goto(`/my?month=${monthOf(day)}&day=${day}`);
    const panel = page.getByRole('region', { name: new RegExp(dayName) });
    await expect(
      panel.getByText(/1時間ごとの値がありません。この間の使用量は/).first(),
    ).toBeVisible();
    const notice = page.getByText(/1時間ごとの値がない時間があります（使用量は合計に/);
    await expect(notice).toContainText(dayName);
    await expectSoundPage(page);
  });

  test('calls an hour the busiest only where no missing hour can have used more', async ({
    page,
    enterAs,
  }) => {
    await enterAs('missingHours');
    const day = await findDayWithGap(page);
    const { hours, gaps } = await ask(page, '/my/hours', { query: { day } });
    const most = Math.max(...hours.map(({ usageL }) => usageL ?? 0));
    const isCertain =
      gaps.every(({ usageL }) => usageL !== null && usageL <= most) &&
      hours.every(({ state }) => state === 'measured' || state === 'spanned');
    await page.goto(`/my?month=${monthOf(day)}&day=${day}`);
    const said = isCertain ? /^いちばん使ったのは/ : /^値がある時間のなかでは/;
    await expect(page.getByText(said)).toBeVisible();
  });

  test('chooses billing periods in place of calendar months', { tag: '@phone' }, async ({
    page,
    enterAs,
  }) => {
    await enterAs('missingHours');
    const { closingDay } = await ask(page, '/my/usage', {});
    const whole = await wholeMonth(page);
    await page.goto(`/my?month=${whole.usage.month}`);
    await choose(page, '期間の区切り', '検針の期間');
    await expect(page).toHaveURL(/period=billing/);
    const name = `${monthName(whole.usage.month)}検針分`;
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    const query = { month: whole.usage.month, period: 'billing' } as const;
    const { usage } = await ask(page, '/my/usage', { query });
    expect(Number(usage.lastDay.slice(8))).toBe(closingDay);
    const dayName = (day: string) => `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;
    await expect(
      page.getByText(new RegExp(`${dayName(usage.firstDay)}〜.*${dayName(usage.lastDay)}$`)),
    ).toBeVisible();
    const figure = (Math.round(usage.totalL! / 100) / 10).toFixed(1);
    await expect(page.getByText(figure, { exact: true })).toBeVisible();
    await expectSoundPage(page);
    await page.reload();
    await expect(page.getByRole('radio', { name: '検針の期間' })).toBeChecked();
    await choose(page, '期間の区切り', '暦の月');
    await expect(page).not.toHaveURL(/period=/);
  });

  test('opens with the latest month that has readings, and says when that is not the present one', {
    tag: '@phone',
  }, async ({ page, enterAs }) => {
    await enterAs('household');
    const { usage, finalMonth } = await ask(page, '/my/usage', {});
    await page.goto('/my');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(monthName(usage.month));
    const notice = page.getByText(`${monthName(finalMonth)}の分は、まだ届いていません`);
    await expect(notice).toHaveCount(usage.month === finalMonth ? 0 : 1);
    await page.goto(`/my?month=${finalMonth}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(monthName(finalMonth));
    await expect(notice).toHaveCount(usage.month === finalMonth ? 0 : 1);
    await expectSoundPage(page);
  });

  test("has the chart's values as a table", { tag: '@phone' }, async ({ page, enterAs }) => {
    await enterAs('household');
    const { usage } = await wholeMonth(page);
    await page.goto(`/my?month=${usage.month}`);
    const chart = page.getByRole('region', { name: '1日ごとの使用量' });
    await chart.getByRole('button', { name: '表で見る' }).click();
    await expect(chart.getByRole('row')).toHaveCount(usage.days.length + 1);
    await chart.getByRole('row').nth(5).getByRole('button').click();
    await expect(page).toHaveURL(new RegExp(`day=${usage.days[4]!.day}`));
  });

  test('reads everything in English when that is chosen', { tag: '@phone' }, async ({
    page,
    enterAs,
  }) => {
    await enterAs('household');
    await page.goto('/my');
    await takeFromMenu(page, 'English');
    await expect(page.getByRole('button', { name: 'Previous month' })).toBeVisible();
    await expectSoundPage(page);
  });
});

test.describe('data of others', () => {
  test.use({ refusals: [404] });

  test('is inaccessible: another meter, another number, the time before moving in', async ({
    page,
    enterAs,
  }) => {
    const { neighbour, movedIn } = product().households;
    await enterAs('movedIn');
    const own = await ask(page, '/my/usage', {});
    expect(own.customerNumber).toBe(movedIn.customerNumber);
    const before = addMonths(own.firstMonth, -1);
    const statuses = async (paths: string[]) =>
      Promise.all(paths.map(async (path) => (await page.request.get(`/api/v1${path}`)).status()));
    expect(await statuses([`/my/usage?month=${before}`, `/my/hours?day=${before}-15`])).toEqual([
      404, 404,
    ]);
    expect(
      await statuses([
        '/meters',
        '/meters/1',
        '/meters/1/readings',
        `/search?q=${neighbour.customerNumber}`,
        '/collection/points',
        '/closings?closingDay=20&month=2026-01',
      ]),
    ).toEqual([403, 403, 403, 403, 403, 403]);
    const claimed = `/my/usage?customerNumber=${neighbour.customerNumber}`;
    const answer = await page.request.get(`/api/v1${claimed}`);
    expect(await answer.json()).toMatchObject({ customerNumber: movedIn.customerNumber });
  });

  test('is refused on the page without showing any of it', { tag: '@phone' }, async ({
    page,
    enterAs,
  }) => {
    await enterAs('movedIn');
    const { firstMonth } = await ask(page, '/my/usage', {});
    await page.goto(`/my?month=${addMonths(firstMonth, -1)}`);
    await expect(
      page.getByRole('heading', { name: 'この期間の使用量は見られません' }),
    ).toBeVisible();
    await page.getByRole('button', { name: '最新の月を見る' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^\d{4}年\d+月$/);
  });

  test('of the previous occupant leaves no trace', { tag: '@phone' }, async ({ page, enterAs }) => {
    await enterAs('movedIn');
    const { firstMonth, finalMonth } = await ask(page, '/my/usage', {});
    const first = await ask(page, '/my/usage', { query: { month: firstMonth } });
    const known = first.usage.days.filter(({ state }) => state !== 'outside');
    expect(first.lastMonth.usage.totalL).toBeNull();
    expect(known.length).toBeGreaterThan(0);
    const day = await ask(page, '/my/hours', { query: { day: known[0]!.day } });
    expect(day.firstDay.startsWith(firstMonth)).toBe(true);
    expect(finalMonth >= firstMonth).toBe(true);
  });
});

/** Sentence of comparison for a past month: the difference of the two figures as displayed. */
function comparison(own: GetAnswer<'/my/usage'>, against: 'lastMonth' | 'lastYear'): RegExp {
  const { comparableL, direction, usage } = own[against];
  const other = monthName(usage.month);
  if (own.usage.totalL === null || comparableL === null) {
    if (direction === null) return /比べられません/;
    return new RegExp(`${other}より${direction === 'more' ? '多く' : '少なく'}`);
  }
  const tenths = Math.round(own.usage.totalL / 100) - Math.round(comparableL / 100);
  if (tenths === 0) return new RegExp(`${other}とほぼ同じでした`);
  const amount = (Math.abs(tenths) / 10).toFixed(1);
  return new RegExp(`${other}より${amount}㎥${tenths < 0 ? '少な[めく]' : '多[めく]'}`);
}

async function findDayWithGap(page: Page): Promise<string> {
  const { finalMonth, firstMonth } = await ask(page, '/my/usage', {});
  for (let month = addMonths(finalMonth, -1); month >= firstMonth; month = addMonths(month, -1)) {
    const { usage } = await ask(page, '/my/usage', { query: { month } });
    const found = usage.days.find(
      ({ day, hoursWithout, state }) =>
        hoursWithout > 0 && state === 'whole' && usage.gaps.some(({ to }) => to.day === day),
    );
    if (found) return found.day;
  }
  throw new Error('the fleet has reported no day with missing hours');
}
