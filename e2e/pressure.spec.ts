import { expect } from '@playwright/test';
import { ask, bytesOf, csvCells, daysAgo } from './answers.ts';
import { test } from './journey.ts';
import { choose, expectSoundPage, tabTo } from './page-checks.ts';

const HOURS_OF_A_WEEK = 168;

test.beforeEach(({ enterAs }) => enterAs('analyst'));

test.describe('the pressure page', () => {
  test('summarises a week, with the limits drawn and named', { tag: '@phone' }, async ({
    page,
  }) => {
    const { areas } = await ask(page, '/areas', {});
    const [area] = areas;
    const { lowPa, highPa } = area!.limits;
    await page.goto('/pressure');
    await expect(page.getByRole('heading', { level: 1, name: '圧力' })).toBeVisible();
    await expect(page.getByRole('main').locator('header')).toContainText(
      `限度(${kPa(lowPa)}〜${kPa(highPa)} kPa)`,
    );
    const chart = page.getByRole('region', { name: `${area!.name}の圧力` });
    await expect(chart.getByText(`上限 ${kPa(highPa)} kPa`)).toBeVisible();
    await expect(chart.getByText(`下限 ${kPa(lowPa)} kPa`)).toBeVisible();
    await expectSoundPage(page);
  });

  test('keeps area and period in its address', async ({ page }) => {
    const { areas } = await ask(page, '/areas', {});
    const other = areas[1]!;
    await page.goto('/pressure');
    await page.getByLabel('地区', { exact: true }).selectOption({ label: other.name });
    await choose(page, '期間', '30日');
    await expect(page).toHaveURL(new RegExp(`area=${other.areaId}`));
    await expect(page).toHaveURL(new RegExp(`from=${daysAgo(30)}&to=${daysAgo(1)}`));
    await page.reload();
    await expect(page.getByRole('radio', { name: '30日' })).toBeChecked();
    await expect(page.getByRole('region', { name: `${other.name}の圧力` })).toBeVisible();
  });

  test('saves as a file exactly the values that it draws', async ({ page }) => {
    const { areas } = await ask(page, '/areas', {});
    // A week of which all reports are due: every hour has a value.
    const week = { from: daysAgo(8), to: daysAgo(2) };
    const pressure = await ask(page, '/pressure/areas/{areaId}', {
      path: { areaId: areas[0]!.areaId },
      query: { ...week, step: 'hour' },
    });
    await page.goto(`/pressure?${new URLSearchParams(week)}`);
    const chart = page.getByRole('region', { name: `${areas[0]!.name}の圧力` });
    await chart.getByRole('button', { name: '表で見る' }).click();
    await expect(chart.getByRole('row')).toHaveCount(HOURS_OF_A_WEEK + 1);
    await expectSoundPage(page);
    const saving = page.waitForEvent('download');
    await chart.getByRole('button', { name: 'CSV' }).click();
    const download = await saving;
    expect(download.suggestedFilename()).toBe(
      `kenshin-pressure-${areas[0]!.code}-${daysAgo(8)}-${daysAgo(2)}.csv`,
    );
    const [header, ...rows] = csvCells((await bytesOf(download)).toString('utf8'));
    const values = ['最低 (kPa)', '平均 (kPa)', '最高 (kPa)'];
    expect(header).toEqual(['日付', '時', '日時', ...values, '備考']);
    expect(rows.map(([date, hour, _, ...row]) => [date, hour, ...row.slice(0, 3)])).toEqual(
      pressure.points.map(({ day, hourEnding, lowPa, averagePa, highPa }) => [
        day.replaceAll('-', '/'),
        String(hourEnding),
        ...[lowPa, averagePa, highPa].map(kPa),
      ]),
    );
  });

  test('leads from the area to a meter over the same days', async ({ page }) => {
    await page.goto('/pressure');
    const first = page.getByRole('tabpanel').locator('tbody').getByRole('link').first();
    await expect(first).toBeVisible();
    await tabTo(page, 'link', (await first.textContent()) ?? '');
    await first.click();
    await expect(page).toHaveURL(new RegExp(`/meters/\\d+\\?from=${daysAgo(7)}&to=${daysAgo(1)}`));
    await expect(page.getByRole('heading', { level: 1, name: /^メーター \d/ })).toBeVisible();
  });

  test('lists the hours outside the limits with their usage', { tag: '@phone' }, async ({
    page,
  }) => {
    await page.goto(`/pressure?from=${daysAgo(30)}&to=${daysAgo(1)}&list=hours`);
    await expect(page.getByRole('tab', { name: /^限度を外れた時間/ })).toHaveAttribute(
      'aria-selected',
      'true',
    );
    await expect(
      page
        .getByRole('tabpanel')
        .getByText(/限度を外れた時間はありません|使用中|使用なし|使用量は不明/)
        .filter({ visible: true })
        .first(),
    ).toBeVisible();
    await expectSoundPage(page);
  });

  test('shows thirteen months by the day', async ({ page }) => {
    await page.goto('/pressure');
    await choose(page, '期間', '13か月');
    const chart = page.getByRole('region', { name: /の圧力$/ });
    await chart.getByRole('button', { name: '表で見る' }).click();
    await expect(chart.getByRole('row')).toHaveCount(396);
  });

  test('begins a custom period with the one that is shown', async ({ page }) => {
    await page.goto('/pressure');
    await choose(page, '期間', '30日');
    await choose(page, '期間', '期間を指定');
    const own = page.getByRole('button', { name: '期間を指定' });
    await expect(own).toContainText(dayText(daysAgo(30)));
    await expect(own).toContainText(dayText(daysAgo(1)));
  });

  test('falls back to the week for an invalid period', async ({ page }) => {
    await page.goto('/pressure?from=2026-02-31&to=tomorrow');
    await expect(page.getByRole('radio', { name: '7日' })).toBeChecked();
  });
});

function dayText(day: string): string {
  return `${day.slice(0, 4)}年${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;
}

function kPa(pascals: number): string {
  return (pascals / 1_000).toFixed(2);
}
