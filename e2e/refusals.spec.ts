import { expect } from '@playwright/test';
import { daysAgo } from './answers.ts';
import { test } from './journey.ts';
import { expectSoundPage } from './page-checks.ts';
import { product } from './product.ts';

test.beforeEach(({ enterAs }) => enterAs('analyst'));

test.describe('a meter that was exchanged and not registered', () => {
  test("is named by the list of missing days, its meter's page and the search", {
    tag: '@phone',
  }, async ({ page, register, isMobile }) => {
    // Each width has its own terminal; no other journey lets this day arrive.
    const { foundAtDesk, foundByPhone } = product().households;
    const { terminalNumber, customerNumber } = isMobile ? foundByPhone : foundAtDesk;
    const meterSerial = isMobile ? '799999999981' : '799999999982';
    const day = daysAgo(2);
    await register.refuseReport({ terminalNumber, meterSerial, day });

    await page.goto(`/collection?day=${day}&state=missing`);
    const row = page.getByRole('row').filter({ hasText: customerNumber });
    await expect(row).toContainText(`登録のないメーター ${meterSerial} の報告を拒否しています`);
    await expect(row).not.toContainText('現地');
    await expectSoundPage(page);
    await row.getByRole('link', { name: /^拒否 \d+ 件/ }).click();

    await expect(page).toHaveURL(/\/meters\/\d+#refusals$/);
    const refused = page.getByRole('region', { name: '拒否した通信' });
    await expect(refused.locator('tbody').getByRole('row').first()).toContainText(meterSerial);
    await expect(page.getByRole('alert').filter({ hasText: meterSerial })).toContainText(
      'メーターの取替を登録してください',
    );
    await expectSoundPage(page);

    await page.keyboard.press('/');
    await page.keyboard.type(meterSerial);
    const hit = page.getByRole('dialog').getByRole('link').filter({ hasText: meterSerial });
    await expect(hit).toContainText('未登録メーター');
    await expectSoundPage(page);
  });
});

test.describe('a page beyond the end of a list', () => {
  for (const path of [
    '/meters?page=99',
    `/collection?day=${daysAgo(30)}&state=backFill&page=99`,
    `/pressure?from=${daysAgo(30)}&to=${daysAgo(1)}&page=99`,
  ]) {
    test(`says so and leads to the last one: ${path.split('?')[0]}`, {
      tag: path.startsWith('/meters') ? '@phone' : [],
    }, async ({ page }) => {
      await page.goto(path);
      await expect(page.getByText('ページ 99 はもうありません')).toBeVisible();
      await expectSoundPage(page);
      await page.getByRole('button', { name: '最後のページを開く' }).click();
      await expect(page).not.toHaveURL(/page=99/);
      await expect(
        page.getByRole('main').getByRole('link', { name: /^\d+$/ }).first(),
      ).toBeVisible();
    });
  }
});
