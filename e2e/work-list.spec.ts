import { expect, type Page } from '@playwright/test';
import { closingDate } from '../lib/closing/closing-day.ts';
import { addDays, addMonths, monthOf } from '../lib/time.ts';
import { ask } from './answers.ts';
import { test } from './journey.ts';
import { expectSoundPage } from './page-checks.ts';
import { type Household, product } from './product.ts';
import type { Register } from './register.ts';
import { signIn } from './sign-in.ts';

/** Months before the latest closing: those of half a year ago belong to other journeys. */
const MONTHS_AGO = 8;

async function enterAsBilling(page: Page, register: Register): Promise<void> {
  const { login, password } = await register.openAccount('billing');
  const { utilityCode } = product();
  await signIn(page.request, { provider: 'staff', form: { utilityCode, login, password } });
}

/** A closing of the household's closing day, months ago. */
async function closingOf(page: Page, { meterSerial }: Household) {
  const { hits } = await ask(page, '/search', { query: { q: meterSerial } });
  const { meterId } = hits[0]!;
  const { closingDay } = await ask(page, '/meters/{meterId}', { path: { meterId } });
  const { days } = await ask(page, '/closing-days', {});
  const { latest } = days.find((day) => day.closingDay === closingDay)!;
  const month = addMonths(monthOf(latest.closesOn), -MONTHS_AGO);
  return {
    ...{ meterId, closingDay, month, closesOn: closingDate(month, closingDay) },
    previousOn: closingDate(addMonths(month, -1), closingDay),
  };
}

/** Waits until validation has put the day on the list, or taken it off. */
async function untilListed(page: Page, meterId: number, count: number): Promise<void> {
  await expect
    .poll(async () => (await ask(page, '/work-list', { query: { meterId } })).total)
    .toBe(count);
}

const item = (page: Page) => page.getByRole('region', { name: '選んだ検針値' });
const list = (page: Page) => page.getByRole('list', { name: '確認が必要な検針値' });
const made = (page: Page) => page.getByRole('status').filter({ hasText: /ました/ });

test.describe('a doubtful reading', () => {
  test('is decided, billed, and made up for when a late day comes', { tag: '@phone' }, async ({
    page,
    register,
    isMobile,
  }) => {
    // Two closings are made and two comparisons, which takes its time on a busy machine.
    test.slow();
    const { doubtfulAtDesk, doubtfulByPhone } = product().households;
    const home = isMobile ? doubtfulByPhone : doubtfulAtDesk;
    await enterAsBilling(page, register);
    const { meterId, closingDay, month, closesOn, previousOn } = await closingOf(page, home);
    // The day of the closing before has not come, and the register of this one cannot be a reading.
    const comeLate = await register.withhold(home.meterSerial, previousOn);
    await register.spoil({ ...home, day: closesOn, hourEnding: 24, addedL: 60_000 });
    await untilListed(page, meterId, 1);

    await page.goto(`/check?q=${home.customerNumber}`);
    await expect(page.getByRole('main').locator('header')).toContainText('1 件');
    if (isMobile) await list(page).getByRole('link').first().click();
    await expect(item(page)).toContainText('通るはずのない値です');
    await expect(item(page)).toContainText(home.customerNumber);
    await expect(item(page)).toContainText('締め済み・未発行');
    const decide = item(page).getByRole('form', { name: 'どう扱いますか' });
    await expect(decide).toContainText(/指針を取り消す.*使用量 [\d.]+㎥（代用）/s);
    await expectSoundPage(page);
    const check = { query: { closingDay, month, customer: home.customerNumber, supplyPoint: '' } };
    const { rows } = await ask(page, '/closings', {
      query: { closingDay, month, search: home.customerNumber },
    });
    check.query.supplyPoint = rows[0]!.supplyPointNumber;
    expect(rows[0]?.remarks).toContain('reading-doubtful');

    await decide.getByText('指針を取り消す').click();
    await decide.getByRole('button', { name: '決定する' }).click();
    await expect(made(page)).toContainText(`${home.customerNumber}`);
    await expect(made(page)).toContainText('指針を取り消しました');
    await untilListed(page, meterId, 0);
    await expect(page.getByText('絞り込みに合う検針値はありません')).toBeVisible();
    const { row } = await ask(page, '/closings/row', check);
    expect(row.remarks).not.toContain('reading-doubtful');
    expect(row.quality).toBe('substituted');

    // Issued; then the day comes.
    await page.goto(`/closing?day=${closingDay}&month=${month}`);
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: /件のCSVを保存する$/ }).click();
    const first = (await saving).suggestedFilename();
    await comeLate();
    const history = page.getByRole('region', { name: '出力履歴' });
    const changed = history.getByRole('list', { name: '発行後に変わった行' });
    await history.getByRole('button', { name: '発行後の変更を調べる' }).click();
    await expect(
      changed.getByRole('listitem').filter({ hasText: home.customerNumber }),
    ).toContainText(/使用量 [\d.]+ → [\d.]+㎥/);
    const again = page.waitForEvent('download');
    await page.getByRole('button', { name: /件のCSVを保存する$/ }).click();
    const second = (await again).suggestedFilename();
    expect(second).toMatch(/-run\d+-/);
    expect(second).not.toBe(first);
    await expect(history.getByText(/の差替え/).first()).toBeVisible();
    await history.getByRole('button', { name: '発行後の変更を調べる' }).click();
    await expect(history.getByText('発行後の変更はありません')).toBeVisible();
    await expectSoundPage(page);
  });
});

test.describe('the keys of the work-list', () => {
  test('go through it, decide and undo', async ({ page, register }) => {
    const home = product().households.looked;
    await enterAsBilling(page, register);
    const { meterId, closesOn } = await closingOf(page, home);
    // Two stretches of one meter, within a period: no sum of it depends on them.
    await register.spoil({ ...home, day: addDays(closesOn, -9), hourEnding: 13, addedL: 70_000 });
    await register.spoil({ ...home, day: addDays(closesOn, -12), hourEnding: 7, addedL: 50_000 });
    await untilListed(page, meterId, 2);

    await page.goto(`/check?q=${home.customerNumber}`);
    const links = list(page).getByRole('link');
    await expect(links).toHaveCount(2);
    await expect(links.first()).toHaveAttribute('aria-current', 'true');
    await page.keyboard.press('j');
    await expect(links.nth(1)).toHaveAttribute('aria-current', 'true');
    await page.keyboard.press('k');
    await expect(links.first()).toHaveAttribute('aria-current', 'true');
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'キー操作' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();

    const decide = item(page).getByRole('form', { name: 'どう扱いますか' });
    await expect(decide).toContainText(/指針を取り消す.*使用量 [\d.]+㎥/s);
    await page.keyboard.press('1');
    await expect(decide.getByRole('radio', { name: /指針を取り消す/ })).toBeChecked();
    await page.keyboard.press('Enter');
    await expect(made(page)).toContainText('指針を取り消しました');
    await untilListed(page, meterId, 1);
    await expect(links).toHaveCount(1);
    await expect(links.first()).toHaveAttribute('aria-current', 'true');

    await page.keyboard.press('u');
    await expect(made(page)).toContainText('元に戻しました');
    await untilListed(page, meterId, 2);
    await expect(links).toHaveCount(2);

    // By hand: what it bills is seen before it is made.
    await page.keyboard.press('3');
    const register3 = decide.getByLabel('指針（㎥）');
    await expect(register3).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(decide.getByText(/指針を㎥で入れてください/)).toBeVisible();
    await page.keyboard.press('/');
    await expect(register3).toBeFocused();
    await expectSoundPage(page);
  });
});

test.describe('the work-list of an analyst', () => {
  test('is read without a decision, and without rows of closings', async ({ page, enterAs }) => {
    await enterAs('analyst');
    await page.goto('/check');
    await expect(page.getByRole('heading', { level: 1, name: '要確認' })).toBeVisible();
    await expect(page.getByRole('radiogroup', { name: '確認の種類' })).toBeVisible();
    await expect(page.getByText('締めの行')).toBeHidden();
    await expect(page.getByRole('button', { name: '決定する' })).toBeHidden();
  });
});

test.describe('rows of closings to check', () => {
  test('stand beside the readings, by closing, and open the closing', {
    tag: '@phone',
  }, async ({ page, enterAs }) => {
    await enterAs('billing');
    await page.goto('/check?part=rows');
    const rows = page.getByRole('region', { name: '確認が必要な締めの行' });
    const checks = await ask(page, '/work-list/closing-rows', {});
    await expect(rows).toContainText(
      checks.shown === null
        ? '発行していない締めはありません'
        : `確認が必要な行は ${checks.toCheck} 件`,
    );
    await expectSoundPage(page);
  });

  test('second looks say that none wait', async ({ page, enterAs }) => {
    await enterAs('billing');
    await page.goto('/check?part=second');
    await expect(page.getByRole('region', { name: '承認待ちの訂正' })).toBeVisible();
    await expectSoundPage(page);
  });
});
