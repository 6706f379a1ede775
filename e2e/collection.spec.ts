import { expect } from '@playwright/test';
import { arrivedCount } from '../lib/collection/collection.ts';
import { ask, bytesOf, csvCells, daysAgo } from './answers.ts';
import { test } from './journey.ts';
import { expectSoundPage, tabTo, takeFromMenu } from './page-checks.ts';
import { product } from './product.ts';

test.beforeEach(({ enterAs }) => enterAs('analyst'));

test.describe('the collection page', () => {
  test("opens with yesterday's summary, consistent with the register", { tag: '@phone' }, async ({
    page,
    register,
  }) => {
    const { day, total } = await ask(page, '/collection', {});
    expect(day).toBe(daysAgo(1));
    expect(arrivedCount(total)).toBe(await register.countDaysOf(day));
    await page.goto('/collection');
    await expect(page.getByRole('heading', { level: 1, name: '収集状況' })).toBeVisible();
    const answer = page.getByRole('main').locator('header');
    await expect(answer).toContainText(`${arrivedCount(total)} / ${total.expected}`);
    await expect(answer).toContainText(`未着 ${total.missing} 件`);
    const areas = page.getByRole('region', { name: '地区ごとの収集' });
    await expect(areas.getByRole('row')).toHaveCount(3);
    await expect(page.getByRole('region', { name: /までの30日間の未着と遅れ$/ })).toBeVisible();
    await expectSoundPage(page);
  });

  test('leads from an area over its missing supply points to the meter', { tag: '@phone' }, async ({
    page,
  }) => {
    const { silent } = product().households;
    await page.goto(`/collection?day=${daysAgo(2)}`);
    const area = page.getByRole('button', { name: '港町地区' });
    await area.click();
    await expect(area).toHaveAttribute('aria-pressed', 'true');
    await expect(page).toHaveURL(/area=\d+/);
    const list = page.getByRole('region', { name: '一覧' });
    await expect(list.getByRole('radio', { name: /^未着/ })).toBeChecked();
    const row = list.getByRole('row').filter({ hasText: silent.terminalNumber });
    await expect(row).toContainText(/再要求|確かめてください/);
    await expectSoundPage(page);
    await row.getByRole('link', { name: silent.customerNumber }).click();
    await expect(page).toHaveURL(/\/meters\/\d+/);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      `メーター ${silent.meterSerial}`,
    );
  });

  test('keeps day, area and state in its address', async ({ page }) => {
    const state = 'incomplete';
    const { total } = await ask(page, '/collection/points', { query: { day: daysAgo(3), state } });
    await page.goto('/collection');
    await page.getByRole('button', { name: '前の日' }).click();
    await page.getByRole('button', { name: '前の日' }).click();
    await expect(page).toHaveURL(new RegExp(`day=${daysAgo(3)}`));
    await page.goto(`/collection?day=${daysAgo(3)}&state=${state}`);
    const list = page.getByRole('region', { name: '一覧' });
    await expect(list.getByRole('radio', { name: `欠測あり ${total}` })).toBeChecked();
    await tabTo(page, 'button', '次の日');
  });

  test('continues with the next day when it stays open over midnight, whatever date its computer has', async ({
    page,
  }) => {
    await page.clock.install({ time: new Date('2024-02-28T23:00:00+09:00') });
    await page.goto(`/collection?day=${daysAgo(1)}`);
    const next = page.getByRole('button', { name: '次の日' });
    await expect(next).toBeDisabled();
    await page.clock.fastForward('24:00:00');
    await expect(next).toBeEnabled();
  });

  test("shows the chart's values as a table and as a file", { tag: '@phone' }, async ({ page }) => {
    await page.goto('/collection');
    const history = page.getByRole('region', { name: /までの30日間の未着と遅れ$/ });
    await history.getByRole('button', { name: '表で見る' }).click();
    await expect(history.getByRole('row')).toHaveCount(31);
    await expectSoundPage(page);
    const saving = page.waitForEvent('download');
    await history.getByRole('button', { name: 'CSV' }).click();
    const cells = csvCells((await bytesOf(await saving)).toString('utf8'));
    expect(cells).toHaveLength(31);
    expect(cells.at(-1)?.[0]).toBe(daysAgo(1).replaceAll('-', '/'));
  });

  test('says what to do when the site cannot be reached, and recovers', async ({ page }) => {
    const resource = /\/api\/v1\/collection(\?|$)/;
    await page.route(resource, (route) => route.abort());
    await page.goto('/meters');
    await page.getByRole('link', { name: '収集状況' }).filter({ visible: true }).click();
    await expect(page.getByRole('alert').filter({ hasText: '通信できません' })).toContainText(
      'ネットワークの接続を確かめて',
    );
    await page.unroute(resource);
    await page.getByRole('button', { name: 'もう一度読み込む' }).click();
    await expect(page.getByRole('heading', { level: 1, name: '収集状況' })).toBeVisible();
  });

  test('is in English when that is chosen', { tag: '@phone' }, async ({ page }) => {
    await page.goto('/collection');
    await takeFromMenu(page, 'English');
    await expect(page.getByRole('heading', { level: 1, name: 'Collection' })).toBeVisible();
    await expectSoundPage(page);
  });
});
